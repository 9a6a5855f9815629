import { z } from 'zod';
import { GateReading } from './attempt';
import { MetricValue, Metrics, Name } from './name';
import { PackageRef } from './plan';

/** What hard gates follow from: a package in one of its scopes with the target's policy; null, the policy alone. Their SQL never travels. */
export const GatesOf = z.object({ package: PackageRef.nullable(), scope: Name });
export type GatesOf = z.infer<typeof GatesOf>;

/** A hard gate that opened, closed, or could not be read any more; also the first reading of each. */
export const GateChange = z.object({
  gate: Name,
  of: z.string().describe('`name version`, or `the policy`'),
  scope: Name,
  open: z.boolean(),
  value: MetricValue,
  unreadable: z.string().optional(),
  first: z.literal(true).optional().describe('its first reading: nothing has changed'),
  at: z.string(),
});
export type GateChange = z.infer<typeof GateChange>;

/** Something at the target that a release would not like, as long as it is there. */
export const Anomaly = z.object({ what: z.string(), since: z.string() });
export type Anomaly = z.infer<typeof Anomaly>;

/** What a look for anomalies found, and the figures that the next look compares with. */
export const AnomaliesRead = z.object({
  found: z.array(z.string()),
  figures: z
    .record(z.string(), Metrics)
    .describe('of each package, as they were when it was first looked at'),
  mutations: z.number().int(),
});
export type AnomaliesRead = z.infer<typeof AnomaliesRead>;

/** Query `monitor` of a gate monitor, and the `--json` document of `one-roof gate status`. */
export const MonitorState = z.object({
  kind: z.literal('gate monitor'),
  target: Name,
  since: z.string(),
  keptBy: z.string().nullable().describe('who wants it to go on while nobody waits'),
  waiting: z.array(z.object({ release: z.string(), gates: z.array(Name) })),
  read: z.array(
    z.object({
      of: z.string(),
      scope: Name,
      readings: z.array(GateReading),
      unreadable: z.string().nullable(),
    }),
  ),
  readAt: z.string().nullable(),
  readings: z.number().int().describe('how often the target was asked'),
  changes: z.array(GateChange).describe('the last ones, the newest last'),
  anomalies: z.array(Anomaly),
});
export type MonitorState = z.infer<typeof MonitorState>;
