import type { MetricMove } from '../../schema/evaluation';
import type { Metrics } from '../../schema/name';
import type { DriftVerdict, RehearsalOutcome } from '../../schema/outcome';
import type { ReleasePlan } from '../../schema/plan';
import { judgeDrift } from '../drift';
import { sameValue } from '../expectations';

/**
 * What each metric of the probe did in a rehearsed scope, on a clone where nobody else writes: declared or not, inert or not.
 * Nothing where the finalized clone was not reached.
 */
export function metricMoves(outcome: RehearsalOutcome, plan: ReleasePlan): readonly MetricMove[] {
  const before = onSource(outcome, outcome.evaluated?.before.metrics ?? {});
  const figures = onSource(outcome, outcome.figures);
  const end = Object.fromEntries(Object.entries(figures).filter(([metric]) => metric in before));
  const inert = inertMetrics(outcome, plan);
  if (Object.keys(end).length === 0) return [];
  return judgeDrift(plan.metrics, before, end).map((drift) => ({
    metric: drift.metric,
    meaning: plan.metrics[drift.metric]?.meaning ?? '',
    entry: drift.entry,
    trail: outcome.tiers.flatMap((tier) =>
      tier.outcome === 'applied' && drift.metric in tier.metrics ? [tier.metrics[drift.metric] ?? null] : [],
    ),
    end: drift.exit,
    policy: drift.policy,
    inert: inert.has(drift.metric),
    verdict: verdictOf(drift),
  }));
}

/** A figure of the clone that is the clone's own name is the database's, seen from inside. */
export function onSource({ clone, sourceIdentity }: RehearsalOutcome, metrics: Metrics): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([metric, value]) => [
      metric,
      value !== null && value === clone ? (sourceIdentity?.database ?? value) : value,
    ]),
  );
}

/** The figures that only a finalized clone has: those of `revalidate`. */
export function figuresBeside(outcome: RehearsalOutcome): Metrics {
  const probed = outcome.evaluated?.before.metrics ?? {};
  return Object.fromEntries(Object.entries(outcome.figures).filter(([metric]) => !(metric in probed)));
}

/** What every tier that the scope applies declares not to move. */
function inertMetrics({ tiers }: RehearsalOutcome, plan: ReleasePlan): ReadonlySet<string> {
  const own = new Set(tiers.filter(({ outcome }) => outcome === 'applied').map(({ id }) => id));
  const declared = plan.tiers.filter(({ id }) => own.has(id)).map(({ rules }) => rules.inert);
  return new Set((declared[0] ?? []).filter((metric) => declared.every((inert) => inert.includes(metric))));
}

function verdictOf({ entry, exit, policy, verdict }: DriftVerdict): MetricMove['verdict'] {
  const moved = !sameValue(entry, exit);
  if (verdict === 'drift') return moved && policy === 'forbidden' ? 'moves undeclared' : 'misses its value';
  if (!moved) return 'stays';
  return verdict === 'organic' ? 'organic' : 'moves as declared';
}
