import { z } from 'zod';
import { Comparison } from './fingerprint';

/** What the rollback of one step of a history gave back. `differences` say what, or why it does not run. */
export const StepProof = Comparison.extend({ id: z.string() });
export type StepProof = z.infer<typeof StepProof>;
