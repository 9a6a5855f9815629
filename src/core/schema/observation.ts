import { z } from 'zod';
import { GateReading } from './attempt';
import { CheckRow } from './check';
import { SchemaDelta } from './delta';
import { FingerprintSummary } from './fingerprint';
import { Metrics } from './name';

/** What a release has read of its target at one point: as much of it as was asked for. */
export const Observation = z.object({
  checks: z.array(CheckRow),
  metrics: Metrics,
  readings: z.array(GateReading),
  schema: FingerprintSummary.nullable().describe('null: not asked for'),
  unread: z
    .array(z.string())
    .optional()
    .describe('tables that were asked for and whose rows were not read, and why'),
  delta: SchemaDelta.optional().describe('where it was asked for'),
  mutations: z.number().int().describe('transactions that were assigned an id: 0, or something was written'),
});
export type Observation = z.infer<typeof Observation>;

/** What one package in one scope asks of a target's hard gates. `unreadable`: why they could not even be asked. */
export const GatesAnswer = z.object({ readings: z.array(GateReading), unreadable: z.string().nullable() });
export type GatesAnswer = z.infer<typeof GatesAnswer>;
