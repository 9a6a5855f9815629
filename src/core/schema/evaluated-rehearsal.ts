import { z } from 'zod';
import { FingerprintSummary, RollbackVerdict } from './fingerprint';
import { Metrics, Name, Sha256 } from './name';

/** A check read by itself, so that one which cannot be read hides no other. */
export const CheckAnswer = z.object({
  file: z.string(),
  check: z.string(),
  answer: z.enum(['ok', 'not ok', 'unreadable']).describe('unreadable: it names what is not there'),
  detail: z.string(),
});
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/** A tier that the clone got before the rehearsal, as an earlier release would have left it. */
export const EarlierTier = z.object({
  id: Name,
  scope: Name.describe('the scope by which it was applied'),
  ms: z.number(),
  rows: z.number().int(),
  measures: Sha256.nullable(),
  rollback: RollbackVerdict.nullable().describe(
    'after everything above it had been rolled back; null: not reached',
  ),
  rollbackMs: z.number().nullable(),
  differences: z.array(z.string()),
});
export type EarlierTier = z.infer<typeof EarlierTier>;

/** What a rehearsal reads besides when it is part of a scope evaluation. */
export const EvaluatedRehearsal = z.object({
  after: z
    .array(Name)
    .describe('scopes that were applied on the clone before; such a rehearsal stands for no release'),
  earlier: z.array(EarlierTier),
  before: z
    .object({ metrics: Metrics, checks: z.array(CheckAnswer) })
    .describe('before the first tier of its own'),
  checks: z.array(CheckAnswer).describe('after the last'),
  entry: FingerprintSummary.nullable().describe('the clone as it was restored'),
  end: FingerprintSummary.nullable().describe('the finalized clone'),
});
export type EvaluatedRehearsal = z.infer<typeof EvaluatedRehearsal>;
