import { z } from 'zod';
import { TierInEffect } from './attempt';
import { Comparison, FingerprintSummary } from './fingerprint';
import { MaskedColumn } from './masking';
import { Metrics, MetricValue, Name, Sha256 } from './name';
import { OutcomeError, StageRecord } from './outcome';
import { PackageRef } from './plan';

/** A dump in the store, and the SHA-256 of its manifest. */
export const Snapshot = z.object({
  place: z.string().describe('the name of its folder in the store'),
  digest: Sha256,
  files: z.number().int(),
  bytes: z.number(),
  takenAt: z.string(),
});
export type Snapshot = Readonly<z.infer<typeof Snapshot>>;

/** What a kept clone tells of its making, from its own ledger and its registration. */
export const KeptClone = z.object({
  source: Name.describe('the target that it was cloned from'),
  package: PackageRef,
  scope: Name,
  rehearsal: z.string().describe('the workflow that made it'),
  evidence: Sha256.nullable().describe('what that rehearsal observed; null: the store has lost it'),
  masked: z.array(MaskedColumn),
});
export type KeptClone = Readonly<z.infer<typeof KeptClone>>;

/** What a golden must be: recorded once, in the registry of its clone host. */
export const GoldenRecord = KeptClone.extend({
  snapshot: Snapshot,
  fingerprint: FingerprintSummary,
  baseline: Metrics.describe("the package's probe on it"),
  figures: Metrics.describe('what must hold on a finalized clone, as it was read'),
  tiersInEffect: z.array(TierInEffect),
  shape: z.record(z.string(), z.unknown()).describe('what `create database` must give it'),
});
export type GoldenRecord = Readonly<z.infer<typeof GoldenRecord>>;

export const GOLDEN_ACTS = ['snapshot', 'verify', 'reset', 'retire'] as const;

/** The input of the golden workflow: names alone. */
export const GoldenOrder = z.object({
  act: z.enum(GOLDEN_ACTS),
  host: Name,
  name: Name,
  force: z.boolean().default(false).describe('reset and retire: sessions in the golden are ended'),
});
export type GoldenOrder = Readonly<z.infer<typeof GoldenOrder>>;

/** A metric that is not what was recorded. */
export const MetricDifference = z.object({
  metric: z.string(),
  recorded: MetricValue,
  found: MetricValue,
});
export type MetricDifference = Readonly<z.infer<typeof MetricDifference>>;

/** The workflow's result and the `--json` document of `one-roof golden …`. */
export const GoldenOutcome = z.object({
  kind: z.literal('golden'),
  id: z.string(),
  act: z.enum(GOLDEN_ACTS),
  outcome: z.enum(['snapshot taken', 'as recorded', 'differs', 'reset', 'retired', 'failed']),
  host: Name,
  name: Name,
  startedAt: z.string(),
  endedAt: z.string(),
  record: GoldenRecord.nullable(),
  comparison: Comparison.nullable().describe('the golden against its recorded fingerprint'),
  metrics: z.array(MetricDifference).describe('metrics that are not what was recorded'),
  problems: z
    .array(z.string())
    .describe('what else does not hold: the snapshot, the marker, the revalidation'),
  databasesLeft: z.array(z.string()),
  stages: z.array(StageRecord),
  error: OutcomeError.optional(),
});
export type GoldenOutcome = Readonly<z.infer<typeof GoldenOutcome>>;
