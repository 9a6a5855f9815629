import { z } from 'zod';

/** What an activity under way says of itself: the heartbeat's details, read through Temporal by whoever watches. */
export const Progress = z.object({
  what: z.string().describe('dump, restore, fingerprint, statements, …'),
  done: z.number(),
  total: z.number().describe('0: not known'),
  unit: z.enum(['tables', 'objects', 'statements', 'rows', 'bytes']),
});
export type Progress = z.infer<typeof Progress>;
