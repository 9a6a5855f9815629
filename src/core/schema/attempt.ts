import { z } from 'zod';
import { IndexBuild, LockHeld, SizeChange, TierBlast, ValidationScan } from './blast';
import { TimeLimit } from './budget';
import { DatabaseRef } from './database-ref';
import { HardGate } from './gate-rule';
import { MetricValue, Metrics, Name, Sha256 } from './name';
import { PackageRef, PlannedFile, PlannedTier } from './plan';

/** What must be true of an attempt's holder: it names the claim and its own number. DESIGN.md §7. */
export const Hold = z.object({
  release: z.string().describe('workflow id'),
  claim: z.number().int(),
  ordinal: z.number().int(),
  tip: z
    .number()
    .int()
    .optional()
    .describe('the last attempt of this claim that is known to be committed: the ledger must show it'),
  server: z
    .object({ systemIdentifier: z.string(), timeline: z.number().int() })
    .optional()
    .describe('the server as it was when the release began'),
});
export type Hold = z.infer<typeof Hold>;

export const GateQuery = HardGate.extend({ gate: Name });
export type GateQuery = z.infer<typeof GateQuery>;

/** One attempt to apply or to roll back a tier. Temporal never retries it; the workflow does, with the next ordinal. */
export const TierAttempt = z.object({
  database: DatabaseRef,
  package: PackageRef,
  tier: PlannedTier,
  hold: Hold,
  direction: z.enum(['apply', 'rollback']),
  of: z.string().optional().describe('rollback: the release whose tier it is, where that is another one'),
  acceptsLoss: z
    .boolean()
    .optional()
    .describe('rollback: rows that others wrote since may go; people were told how many'),
  gates: z.array(GateQuery).describe('hard gates that govern the tier; recorded but not required on a clone'),
  probe: PlannedFile.nullable(),
  registration: z.enum(['production', 'clone']),
  repeat: z
    .boolean()
    .describe('past the ledger, in a transaction that is rolled back if it changes nothing')
    .default(false),
  limit: TimeLimit.optional().describe('when it is stopped; left out: only by its own budget'),
});
export type TierAttempt = z.infer<typeof TierAttempt>;

export const GateReading = z.object({
  gate: Name,
  open: z.boolean(),
  value: MetricValue,
  opens: z.string(),
  readAt: z.string(),
  unreadable: z.string().optional().describe('why it could not be read; then it is closed'),
});
export type GateReading = z.infer<typeof GateReading>;

/** What one statement did, measured on the server. */
export const StatementMeasure = z.object({
  number: z.number().int(),
  line: z.number().int(),
  text: z.string().describe('the first 120 characters'),
  ms: z.number(),
  rows: z.number().int().nullable(),
  locks: z.array(LockHeld),
  rewrites: z.array(z.string()),
  walBytes: z.number(),
  startedMs: z.number().optional().describe('since the first statement of its tier began'),
  indexBuilds: z.array(IndexBuild).optional(),
  scans: z.array(ValidationScan).optional(),
  sizes: z.array(SizeChange).optional().describe('tables whose size has changed'),
  temporaryBytes: z.number().nullable().optional().describe('null: the server does not tell'),
  toldBy: z
    .enum(['server messages', 'statistics'])
    .optional()
    .describe('how builds and scans are known; by statistics alone a scan may be missed'),
});
export type StatementMeasure = z.infer<typeof StatementMeasure>;

/** What an attempt did. Failures are thrown; a closed gate is no failure. */
export const AttemptResult = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.enum(['applied', 'rolled back']),
    found: z.boolean().describe('true: an earlier attempt of this release had done it, the ledger says'),
    ms: z.number(),
    statements: z.number().int(),
    rows: z.number().int(),
    walBytes: z.number(),
    metrics: Metrics,
    touched: z.array(z.string()).describe('tables that were locked for writing'),
    measures: Sha256.nullable().describe('document in the store: StatementMeasure[]'),
    blast: TierBlast.optional(),
    readings: z.array(GateReading),
  }),
  z.object({ outcome: z.literal('already applied'), release: z.string().describe('the earlier release') }),
  z.object({
    outcome: z.literal('not applied').describe('rollback: there is nothing of this release to roll back'),
  }),
  z.object({ outcome: z.literal('gate closed'), readings: z.array(GateReading) }),
]);
export type AttemptResult = z.infer<typeof AttemptResult>;

/** What a rollback would take away that others have written since. */
export const Loss = z.object({ table: z.string(), rows: z.number().int() });
export type Loss = z.infer<typeof Loss>;

/** A tier that is in effect: the latest finished ledger row of (package name, tier) applied it. */
export const TierInEffect = z.object({ tier: Name, sha256: Sha256, release: z.string(), package: Name });
export type TierInEffect = z.infer<typeof TierInEffect>;
