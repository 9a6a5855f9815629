import { z } from 'zod';

/** What an activity under way says of itself: the heartbeat's details, read through Temporal by whoever watches. */
export const Progress = z.object({
  what: z.string().describe('dump, restore, fingerprint, statements, …'),
  done: z.number(),
  total: z.number().describe('0: not known'),
  unit: z.enum(['tables', 'objects', 'statements', 'rows', 'bytes', 'blocks', 'readings']),
  note: z.string().optional().describe('what it waits for now: who holds the lock, which replica is behind'),
});
export type Progress = z.infer<typeof Progress>;
