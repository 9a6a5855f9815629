import type { MetricRule } from '../schema/descriptor';
import type { MetricDifference } from '../schema/golden';
import type { Metrics, MetricValue } from '../schema/name';
import { sameValue } from './expectations';

/** Two readings of a database that may bear another name the second time. */
export interface Readings {
  readonly recorded: Metrics;
  readonly found: Metrics;
  /** What the database was called at each. */
  readonly names: { readonly recorded: string; readonly found: string };
}

/** What was read again and is not what was recorded; organic metrics may move, and a database may say its own name. */
export function compareMetrics(
  rules: Readonly<Record<string, MetricRule>>,
  { recorded, found, names }: Readings,
): MetricDifference[] {
  const called = (value: MetricValue | undefined): MetricValue | undefined =>
    value === names.found ? names.recorded : value;
  return [...new Set([...Object.keys(recorded), ...Object.keys(found)])]
    .sort()
    .filter((metric) => rules[metric]?.drift !== 'organic')
    .filter((metric) => !sameValue(recorded[metric], called(found[metric])))
    .map((metric) => ({ metric, recorded: recorded[metric] ?? null, found: found[metric] ?? null }));
}
