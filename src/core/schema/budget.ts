import { z } from 'zod';
import { Duration } from './name';

/** What a tier may cost those who use the database beside it. */
export const BudgetRule = z.strictObject({
  maxLock: Duration.optional().describe(
    'How long a lock may keep others from reading or writing a table that was there before: 500ms.',
  ),
  maxDuration: Duration.optional().describe('How long the tier may take.'),
  noRewrite: z.boolean().optional().describe('true: no table that was there before may be rewritten.'),
  tolerance: z
    .number()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Production is stopped where the tier takes longer than so many times its rehearsal: 3.'),
});
export type BudgetRule = z.infer<typeof BudgetRule>;

/** When an attempt in production is stopped, by the time that the tier took in rehearsal. */
export const TimeLimit = z.object({
  ms: z.number(),
  rehearsedMs: z.number(),
  tolerance: z.number(),
});
export type TimeLimit = z.infer<typeof TimeLimit>;
