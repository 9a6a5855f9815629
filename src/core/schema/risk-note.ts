import { z } from 'zod';
import { Name } from './name';

/** What a linter says of a statement that it has only read. */
export const RiskNote = z.object({
  tier: Name,
  file: z.string(),
  line: z.number().int(),
  rule: z.string().describe('the name of squawk’s rule'),
  message: z.string(),
});
export type RiskNote = z.infer<typeof RiskNote>;
