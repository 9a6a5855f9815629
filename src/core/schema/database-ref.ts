import { z } from 'zod';
import { Name } from './name';

/** Which database: that of a target, or a clone on a clone host. Resolved to a connection by the worker alone. */
export const DatabaseRef = z.object({
  target: Name,
  clone: z.string().optional().describe("the clone's database name, where the target is a clone host"),
});
export type DatabaseRef = z.infer<typeof DatabaseRef>;
