import { z } from 'zod';
import { Comparison, RollbackVerdict } from './fingerprint';

/** What the rollback of one step of a history gave back. `differences` say what, or why it does not run. */
export const StepProof = Comparison.extend({
  id: z.string(),
  verdict: RollbackVerdict.describe('on the schema'),
  rows: RollbackVerdict.optional().describe(
    'on the rows; absent where they were left out, or nothing was compared',
  ),
});
export type StepProof = z.infer<typeof StepProof>;
