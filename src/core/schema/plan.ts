import { z } from 'zod';
import { Calendar } from './calendar';
import { Descriptor, MetricRule, TierRule, VolatileColumns } from './descriptor';
import { GateRule } from './gate-rule';
import { Metrics, Name, PackagePath, Sha256 } from './name';

/** A package by name; the digest is its identity, name and version are for people. */
export const PackageRef = z.object({ name: Name, version: z.string(), digest: Sha256 });
export type PackageRef = z.infer<typeof PackageRef>;

/** The scope that holds every tier. */
export const FULL_SCOPE = 'full';

/** A file of the package and the SHA-256 that the manifest gives for it. */
export const PlannedFile = z.object({ path: PackagePath, sha256: Sha256 });
export type PlannedFile = z.infer<typeof PlannedFile>;

export const PlannedTier = z.object({
  id: Name,
  apply: PlannedFile,
  rollback: PlannedFile.nullable().describe('null: irreversible'),
  irreversible: z.string().nullable(),
  statements: z.number().int().describe('how many statements its apply file holds'),
  rules: TierRule,
});
export type PlannedTier = z.infer<typeof PlannedTier>;

/** What a workflow knows of a package for one scope: names, digests and rules; no SQL but the hard gates' (which policy and people read). */
export const ReleasePlan = z.object({
  package: PackageRef,
  scope: Name,
  database: Descriptor.shape.database,
  tiers: z.array(PlannedTier).min(1),
  gates: z.array(GateRule),
  preflight: PlannedFile.nullable(),
  verify: PlannedFile.nullable(),
  readContract: PlannedFile.nullable(),
  revalidate: z.object({ file: PlannedFile, expect: Metrics }).nullable(),
  probe: PlannedFile.nullable(),
  metrics: z.record(z.string(), MetricRule),
  onFailure: z.enum(['rollback', 'hold']),
  volatile: z.array(VolatileColumns),
  author: Name.nullable(),
  lastEditor: Name.nullable().default(null),
  calendar: Calendar.optional().describe(
    'when the package may be applied; left out: whenever the target says',
  ),
});
export type ReleasePlan = z.infer<typeof ReleasePlan>;
