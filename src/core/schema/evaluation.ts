import { z } from 'zod';
import { GateReading } from './attempt';
import { DatabaseIdentity } from './check';
import { Comparison, RollbackVerdict } from './fingerprint';
import { MetricValue, Metrics, Name } from './name';
import { OutcomeError, StageRecord } from './outcome';
import { PackageRef } from './plan';

/** The input of the evaluation workflow. */
export const EvaluationOrder = z.object({
  package: PackageRef,
  scopes: z.array(Name).min(1),
  source: Name,
  cloneHost: Name,
  requester: Name.optional(),
});
export type EvaluationOrder = z.infer<typeof EvaluationOrder>;

/** What a metric did between the first tier of a scope and the last. */
export const MetricMove = z.object({
  metric: z.string(),
  meaning: z.string(),
  entry: MetricValue,
  trail: z.array(MetricValue).describe('after each tier, where it was read there'),
  end: MetricValue,
  policy: z.string().describe('forbidden, organic, or expected: <value>'),
  inert: z.boolean().describe('every tier of the scope declares that it does not move it'),
  verdict: z.enum(['stays', 'moves as declared', 'organic', 'moves undeclared', 'misses its value']),
});
export type MetricMove = z.infer<typeof MetricMove>;

/** What a check of the package says about a scope: its answer before the first tier and after the last. */
export const CheckMeaning = z.object({
  file: z.string(),
  check: z.string(),
  before: z.enum(['ok', 'not ok', 'unreadable', 'absent']),
  after: z.enum(['ok', 'not ok', 'unreadable', 'absent']),
  was: z.string(),
  is: z.string(),
  meaning: z.enum(['proves it', 'needs it', 'follows it', 'says nothing', 'not met']),
});
export type CheckMeaning = z.infer<typeof CheckMeaning>;

/** A lock that a tier took and kept until its end. */
export const ScopeLock = z.object({ tier: Name, relation: z.string(), mode: z.string(), ms: z.number() });
export type ScopeLock = z.infer<typeof ScopeLock>;

/** Whose approval a gate asks for, and what its hard gate read. */
export const ScopeGate = z.object({
  id: Name,
  source: z.enum(['package', 'target', 'both']),
  before: Name,
  named: z.boolean().describe('it names this scope; false: it holds for every scope'),
  groups: z.array(z.string()).describe('`dba: 1 of dba-a, dba-b`'),
  hard: z.object({ sql: z.string(), opens: z.string() }).nullable(),
  reading: GateReading.nullable(),
});
export type ScopeGate = z.infer<typeof ScopeGate>;

export const ScopeTier = z.object({
  id: Name,
  outcome: z.string(),
  ms: z.number(),
  rows: z.number().int(),
  rollback: RollbackVerdict.nullable(),
  rollbackMs: z.number().nullable(),
});
export type ScopeTier = z.infer<typeof ScopeTier>;

/** One scope, rehearsed by itself or after others. */
export const ScopeRun = z.object({
  scope: Name,
  after: z.array(Name).describe('scopes that were in effect before; none: from the source as it is'),
  outcome: z.enum(['rehearsed', 'failed', 'aborted', 'not reached']),
  rehearsal: z.string().nullable().describe('its workflow'),
  evidence: z.string().nullable().describe('digest of its rehearsal evidence'),
  ms: z.number(),
  tiers: z.array(ScopeTier),
  earlier: z.array(ScopeTier).describe('applied on the clone before: the tiers of `after`'),
  metrics: z.array(MetricMove),
  figures: Metrics.describe('what `revalidate` read of the finalized clone beside the probe'),
  checks: z.array(CheckMeaning),
  unmetEntry: z
    .array(z.string())
    .describe('what the state it begins with lacks, by preflight and entry values'),
  locks: z.array(ScopeLock),
  gates: z.array(ScopeGate),
  mutations: z.number().int(),
  clonesLeft: z.array(z.string()),
  error: OutcomeError.optional(),
});
export type ScopeRun = z.infer<typeof ScopeRun>;

/** A way back: the state that is left, the state that it leads to, and whether it is the exact one. */
export const WayBack = z.object({
  from: z.string(),
  to: z.string(),
  tiers: z.number().int(),
  verdict: z.union([RollbackVerdict, z.literal('not shown')]),
  ms: z.number(),
  differences: z.array(z.string()),
});
export type WayBack = z.infer<typeof WayBack>;

/** The end of a path against the end of the whole scope at once. `excused`: what moved in the source between the two. */
export const EndsCompared = z.object({
  scope: Name,
  after: z.array(Name),
  comparison: Comparison.nullable().describe('null: not both were reached'),
  excused: z.array(z.string()),
});
export type EndsCompared = z.infer<typeof EndsCompared>;

/** Why: what was asked, whether it holds, and the figure that shows it. */
export const Reason = z.object({
  about: z.string(),
  state: z
    .enum(['holds', 'fails', 'condition', 'not shown'])
    .describe('condition: no proof, but to be known or done before'),
  words: z.string(),
});
export type Reason = z.infer<typeof Reason>;

/** Should a scope be released by itself, before the rest? */
export const Recommendation = z.object({
  scope: Name,
  before: Name.describe('the scope that holds the rest'),
  verdict: z.enum(['recommended', 'recommended, with conditions', 'not recommended', 'undecided']),
  reasons: z.array(Reason),
  conditions: z.array(z.string()),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** The evaluation's result and the `--json` document of `one-roof evaluate`. */
export const EvaluationOutcome = z.object({
  kind: z.literal('evaluation'),
  id: z.string(),
  outcome: z.enum(['evaluated', 'failed', 'aborted']),
  package: PackageRef,
  scopes: z.array(Name),
  source: Name,
  sourceIdentity: DatabaseIdentity.nullable(),
  cloneHost: Name,
  requester: Name.nullable(),
  startedAt: z.string(),
  endedAt: z.string(),
  recommendations: z.array(Recommendation),
  runs: z.array(ScopeRun),
  waysBack: z.array(WayBack),
  ends: z.array(EndsCompared),
  mutations: z.object({ source: z.number().int() }),
  clonesLeft: z.array(z.string()),
  stages: z.array(StageRecord),
  evidence: z.string().nullable(),
  error: OutcomeError.optional(),
});
export type EvaluationOutcome = z.infer<typeof EvaluationOutcome>;
