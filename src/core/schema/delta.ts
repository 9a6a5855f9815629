import { z } from 'zod';
import { Sha256 } from './name';

/** The fingerprints of a rehearsal in the store: a release is measured by them. */
export const RehearsedFingerprints = z.object({
  source: Sha256.describe('its source, at the snapshot'),
  before: Sha256.describe('the clone before the first tier'),
  applied: Sha256.describe('the clone after the last'),
});
export type RehearsedFingerprints = z.infer<typeof RehearsedFingerprints>;

/** What a release changed of the catalog, against what its rehearsal had changed. */
export const SchemaDelta = z.object({
  predicted: z.number().int().describe('objects that the rehearsal made, changed or dropped'),
  explained: z.number().int().describe('those of them that are as predicted'),
  unexplained: z.array(z.string()).describe('what else differs from the schema before the first tier'),
  more: z.number().int(),
  sourceChangedSince: z.array(z.string()).describe('what others changed between rehearsal and first tier'),
  partitions: z.array(z.string()).optional().describe('partitions that came or went meanwhile, by a job'),
  cut: z
    .array(z.string())
    .optional()
    .describe('event triggers that fire in production and were cut from the clone: they may be the reason'),
});
export type SchemaDelta = z.infer<typeof SchemaDelta>;

/** The same as evidence states it, with the metrics. */
export const ExpectedDelta = SchemaDelta.extend({
  rehearsedAt: z.string(),
  metricsMovedSince: z.array(z.string()).describe('metrics that moved between rehearsal and first tier'),
});
export type ExpectedDelta = z.infer<typeof ExpectedDelta>;
