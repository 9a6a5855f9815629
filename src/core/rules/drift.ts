import type { MetricRule } from '../schema/descriptor';
import type { Metrics, MetricValue } from '../schema/name';
import type { DriftVerdict } from '../schema/outcome';
import { sameValue } from './expectations';

type Rules = Readonly<Record<string, MetricRule>>;

/** Entry against exit after a release: each metric as it declares itself; `forbidden` where it declares nothing. */
export function judgeDrift(rules: Rules, entry: Metrics, exit: Metrics): DriftVerdict[] {
  return names(entry, exit).map((metric) => {
    const expected = expectedExit(rules[metric]);
    const organic = rules[metric]?.drift === 'organic';
    const holds = organic || sameValue(expected === undefined ? entry[metric] : expected, exit[metric]);
    return {
      metric,
      entry: entry[metric] ?? null,
      exit: exit[metric] ?? null,
      policy: organic ? 'organic' : expected === undefined ? 'forbidden' : `expected: ${String(expected)}`,
      verdict: !holds ? 'drift' : organic ? 'organic' : 'as declared',
    };
  });
}

/** Entry against a second reading while nothing of ours has run: whatever is not organic must stand still. In words. */
export function forbiddenDrift(rules: Rules, entry: Metrics, now: Metrics): readonly string[] {
  return names(entry, now)
    .filter((metric) => rules[metric]?.drift !== 'organic' && !sameValue(entry[metric], now[metric]))
    .map((metric) => `${metric} went from ${String(entry[metric])} to ${String(now[metric])}`);
}

/**
 * The values without which a release may not start. Where tiers are in effect already (by break-glass, by an earlier
 * release), they are what those tiers have left: `left` holds the expectations of each, in their order.
 */
export function requiredEntry(rules: Rules, left: readonly Metrics[] = []): Metrics {
  const required: Record<string, MetricValue> = {};
  for (const [metric, rule] of Object.entries(rules))
    if (rule.entry !== undefined) required[metric] = rule.entry;
  for (const [metric, value] of left.flatMap((metrics) => Object.entries(metrics)))
    if (metric in required) required[metric] = value;
  return required;
}

/** The value that a metric must have at exit; undefined: the one that it had at entry, or any. */
export function expectedExit(rule: MetricRule | undefined): MetricValue | undefined {
  if (rule?.exit !== undefined) return rule.exit;
  return typeof rule?.drift === 'object' ? rule.drift.expected : undefined;
}

function names(one: Metrics, other: Metrics): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
