import { z } from 'zod';
import { Approval, Assurance, RecordedAct, VoidedApprovals } from './act';
import { GateReading, Loss } from './attempt';
import { BlastComparison, TierBlast } from './blast';
import { HeldTier } from './condition';
import { ExpectedDelta, RehearsedFingerprints } from './delta';
import { DatabaseIdentity } from './check';
import { EvaluatedRehearsal } from './evaluated-rehearsal';
import { Comparison, FingerprintSummary, RollbackVerdict } from './fingerprint';
import { MaskedColumn } from './masking';
import { Metrics, MetricValue, Name, Sha256 } from './name';
import { PackageRef } from './plan';

/** Why a rehearsal or a release did not end well, for a person. */
export const OutcomeError = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type OutcomeError = z.infer<typeof OutcomeError>;

export const RehearsedTier = z.object({
  id: Name,
  outcome: z.enum(['applied', 'already applied', 'failed', 'not reached']),
  ms: z.number(),
  statements: z.number().int(),
  rows: z.number().int(),
  walBytes: z.number(),
  locks: z.number().int(),
  rollback: RollbackVerdict.nullable().describe('null: not reached, already applied or irreversible'),
  differences: z.array(z.string()).describe('what the rollback did not restore'),
  repeat: z.enum(['unchanged', 'changed', 'not declared', 'not reached']),
  metrics: Metrics,
  measures: Sha256.nullable().optional().describe('document in the store: what each statement did'),
  blast: TierBlast.optional(),
  touched: z.array(z.string()).optional().describe('tables that it may have written'),
  notRestored: Comparison.optional().describe('what the rollback did not restore, explained'),
  rollbackMs: z.number().optional(),
});
export type RehearsedTier = z.infer<typeof RehearsedTier>;

export const StageRecord = z.object({
  stage: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  startedAt: z.string().optional(),
  ms: z.number().optional(),
  expectedMs: z.number().optional().describe('How long it took in rehearsal, ms.'),
  note: z.string().optional(),
});
export type StageRecord = z.infer<typeof StageRecord>;

/** The rehearsal's result and the `--json` document of `one-roof rehearse`. DESIGN.md §12. */
export const RehearsalOutcome = z.object({
  kind: z.literal('rehearsal'),
  id: z.string(),
  outcome: z.enum(['rehearsed', 'failed', 'aborted']),
  package: PackageRef,
  scope: Name,
  source: Name,
  sourceIdentity: DatabaseIdentity.nullable().describe(
    'which database the source was: a release asks for the same one',
  ),
  cloneHost: Name,
  clone: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string(),
  baseline: z.object({ entry: Metrics, exit: Metrics }),
  figures: Metrics,
  tiers: z.array(RehearsedTier),
  fingerprints: RehearsedFingerprints.optional(),
  reapplied: Comparison.nullable().describe('the second application compared with the first'),
  gates: z.array(GateReading).describe('the hard gates as the source had them: reported, not required'),
  mutations: z.object({ source: z.number().int() }),
  clonesLeft: z.array(z.string()),
  masked: z.array(MaskedColumn).optional().describe('columns of the clone whose values are not the source’s'),
  stages: z.array(StageRecord),
  evidence: z.string().nullable().describe('digest of the rehearsal evidence'),
  evaluated: EvaluatedRehearsal.optional(),
  error: OutcomeError.optional(),
});
export type RehearsalOutcome = z.infer<typeof RehearsalOutcome>;

export const DriftVerdict = z.object({
  metric: z.string(),
  entry: MetricValue,
  exit: MetricValue,
  policy: z.string().describe('forbidden, organic, or expected: <value>'),
  verdict: z.enum(['as declared', 'organic', 'drift']),
});
export type DriftVerdict = z.infer<typeof DriftVerdict>;

export const ReleasedTier = z.object({
  id: Name,
  outcome: z.enum(['applied', 'already applied', 'rolled back', 'not reached', 'left applied']),
  ms: z.number(),
  attempts: z.number().int(),
  metrics: Metrics,
  measures: Sha256.nullable().optional().describe('document in the store: what each statement did'),
  blast: TierBlast.optional(),
  compared: BlastComparison.optional().describe('with its rehearsal'),
});
export type ReleasedTier = z.infer<typeof ReleasedTier>;

/** DESIGN.md §5, how a release ends. */
export const ReleaseEnd = z.enum([
  'released',
  'rolled back',
  'rejected',
  'expired',
  'aborted',
  'refused',
  'failed',
  'stuck',
]);
export type ReleaseEnd = z.infer<typeof ReleaseEnd>;

/** The release's result and the `--json` document of `one-roof release`. DESIGN.md §12. */
export const ReleaseOutcome = z.object({
  kind: z.literal('release'),
  id: z.string(),
  outcome: ReleaseEnd,
  package: PackageRef,
  target: Name,
  targetIdentity: DatabaseIdentity.nullable(),
  scope: Name,
  requester: Name,
  recovers: z.string().optional().describe('the terminated release that it took over'),
  rollsBack: z.string().optional().describe('the finished release that it rolled back'),
  losses: z.array(Loss).optional().describe('rows that others had written since, as people were told'),
  startedAt: z.string(),
  endedAt: z.string(),
  baseline: z.object({ entry: Metrics, exit: Metrics }),
  drift: z.array(DriftVerdict),
  approvals: z.array(Approval),
  voided: z.array(VoidedApprovals).optional(),
  held: z
    .array(HeldTier)
    .optional()
    .describe('tiers that windows, freezes or live checks held, and what was overridden'),
  acts: z.array(RecordedAct),
  tiers: z.array(ReleasedTier),
  fingerprint: z.object({ before: FingerprintSummary.nullable(), after: FingerprintSummary.nullable() }),
  rollback: Comparison.nullable().describe(
    'after a rollback: the schema compared with that before the first tier',
  ),
  unread: z
    .array(z.string())
    .optional()
    .describe('tables that it touches and whose rows could not be read in time'),
  delta: ExpectedDelta.optional().describe(
    'what the rehearsal predicted, and what else was found at the end',
  ),
  readings: z.array(GateReading),
  mutations: z.object({ beforeGate: z.number().int() }),
  rolledBack: z.boolean(),
  rehearsal: z.string().nullable(),
  stages: z.array(StageRecord),
  evidence: z.string().nullable(),
  error: OutcomeError.optional(),
});
export type ReleaseOutcome = z.infer<typeof ReleaseOutcome>;

export const GateStatus = z.object({
  id: Name,
  before: Name,
  open: z.boolean(),
  approvals: z.array(
    z.object({ group: z.string(), need: z.number().int(), have: z.array(Name), of: z.array(Name) }),
  ),
  missing: z.array(z.string()).describe('what it still waits for, in words'),
  hard: GateReading.nullable(),
});
export type GateStatus = z.infer<typeof GateStatus>;

/** A rollback that a person has to help: its SQL word for word, and where to read what to do. */
export const StuckRollback = z.object({
  tier: Name,
  file: z.string(),
  line: z.number().int(),
  sql: z.string().describe('the statements of its rollback, in their order'),
  more: z.number().int().describe('characters that are left out; the file has them'),
  runbook: z.array(z.string()).describe('sections of the documentation'),
});
export type StuckRollback = z.infer<typeof StuckRollback>;

/** Query `status` and the `--json` document of `one-roof status`. DESIGN.md §12. */
export const Status = z.object({
  kind: z.enum(['rehearsal', 'release', 'evaluation']),
  id: z.string(),
  package: PackageRef,
  scope: z.string().describe('its name; of an evaluation all that it looks at'),
  target: Name,
  stage: z.string(),
  since: z.string(),
  stages: z.array(StageRecord),
  gates: z.array(GateStatus),
  tiers: z.array(z.object({ id: Name, outcome: z.string() })),
  waitingFor: z.array(z.string()),
  choices: z.array(z.string()).describe('what a person may decide now, with the consequences'),
  paused: z.boolean(),
  within: z.string().optional().describe('the rehearsal that an evaluation waits for'),
  stuck: StuckRollback.optional(),
  approving: z
    .object({
      rehearsal: z.string().nullable(),
      schema: z.string().nullable(),
      assurance: Assurance,
      requester: Name,
      entry: Metrics.describe('the entry baseline of the target'),
      until: z.string().nullable().describe('when its wait, or the first of its approvals, ends by itself'),
      mayControl: z.array(Name).nullable().describe('who may abort, pause and decide; null: anyone'),
    })
    .optional()
    .describe(
      'what an approval of a release is bound to beside its bytes, and how an approver must be known',
    ),
});
export type Status = z.infer<typeof Status>;
