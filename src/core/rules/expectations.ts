import type { Metrics, MetricValue } from '../schema/name';

/** Are two metrics the same value? A count read as text is the same as the number. */
export function sameValue(one: MetricValue | undefined, other: MetricValue | undefined): boolean {
  return one !== undefined && other !== undefined && String(one) === String(other);
}

/** What does not hold, in words: `v_object_owner_gap is 7, expected 0`. Empty where all holds. */
export function unmetExpectations(expected: Metrics, actual: Metrics): readonly string[] {
  return Object.entries(expected)
    .filter(([metric, value]) => !sameValue(value, actual[metric]))
    .map(([metric, value]) => `${metric} is ${show(actual[metric])}, expected ${show(value)}`);
}

/** Metrics that were to stay and moved: `ospa moved from 0 to 1`. */
export function movedMetrics(inert: readonly string[], before: Metrics, after: Metrics): readonly string[] {
  return inert
    .filter((metric) => !sameValue(before[metric], after[metric]))
    .map((metric) => `${metric} moved from ${show(before[metric])} to ${show(after[metric])}`);
}

function show(value: MetricValue | undefined): string {
  if (value === undefined) return 'not in the probe';
  return value === null ? 'null' : String(value);
}
