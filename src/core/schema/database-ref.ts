import { z } from 'zod';
import { Name } from './name';

/** A clone by its name and by the nonce that its marker and its registration bear. */
export const CloneRef = z.object({ name: z.string(), nonce: z.string() });
export type CloneRef = z.infer<typeof CloneRef>;

/** Which database: that of a target, or a clone on a clone host. Resolved to a connection by the worker alone. */
export const DatabaseRef = z.object({ target: Name, clone: CloneRef.optional() });
export type DatabaseRef = z.infer<typeof DatabaseRef>;
