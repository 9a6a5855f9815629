import type { ScopeGate, ScopeLock, ScopeRun } from '../../schema/evaluation';
import type { Metrics } from '../../schema/name';
import type { RehearsalOutcome } from '../../schema/outcome';
import type { ReleasePlan } from '../../schema/plan';
import { requiredEntry } from '../drift';
import { unmetExpectations } from '../expectations';
import { checkMeanings } from './check-meanings';
import { figuresBeside, metricMoves, onSource } from './metric-moves';

/** What is known of a rehearsed scope beside the rehearsal. */
export interface Rehearsed {
  readonly outcome: RehearsalOutcome;
  readonly plan: ReleasePlan;
  readonly locks: readonly ScopeLock[];
  readonly gates: readonly ScopeGate[];
}

/** One scope as it was rehearsed, judged by what the package declares of it. */
export function scopeRun({ outcome, plan, locks, gates }: Rehearsed): ScopeRun {
  const { evaluated } = outcome;
  return {
    scope: outcome.scope,
    after: [...(evaluated?.after ?? [])],
    outcome: outcome.outcome,
    rehearsal: outcome.id,
    evidence: outcome.evidence,
    ms: Date.parse(outcome.endedAt) - Date.parse(outcome.startedAt),
    tiers: outcome.tiers.map(({ id, outcome: end, ms, rows, rollback, rollbackMs }) => ({
      id,
      outcome: end,
      ms,
      rows,
      rollback,
      rollbackMs: rollbackMs ?? null,
    })),
    earlier: (evaluated?.earlier ?? []).map(({ id, ms, rows, rollback, rollbackMs }) => ({
      id,
      outcome: 'applied before',
      ms,
      rows,
      rollback,
      rollbackMs,
    })),
    metrics: [...metricMoves(outcome, plan)],
    figures: { ...figuresBeside(outcome) },
    checks: [...checkMeanings(evaluated?.before.checks ?? [], evaluated?.checks ?? [])],
    unmetEntry: [...unmetEntry(outcome, plan)],
    locks: [...locks],
    gates: [...gates],
    mutations: outcome.mutations.source,
    clonesLeft: outcome.clonesLeft,
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
}

/** A scope whose rehearsal was not begun, or did not come to an outcome. */
export function unreachedRun(
  run: Pick<ScopeRun, 'scope' | 'after' | 'outcome' | 'rehearsal'>,
  error: ScopeRun['error'],
): ScopeRun {
  return {
    ...run,
    evidence: null,
    ms: 0,
    tiers: [],
    earlier: [],
    metrics: [],
    figures: {},
    checks: [],
    unmetEntry: [],
    locks: [],
    gates: [],
    mutations: 0,
    clonesLeft: [],
    ...(error === undefined ? {} : { error }),
  };
}

/** By the clone as it was before the first tier: would a release of this scope find there what it needs? */
function unmetEntry(outcome: RehearsalOutcome, plan: ReleasePlan): readonly string[] {
  const { evaluated } = outcome;
  if (evaluated === undefined) return [];
  const preflight = evaluated.before.checks.filter(
    ({ file, check, answer }) =>
      file === plan.preflight?.path && answer !== 'ok' && !check.startsWith('gate:'),
  );
  const metrics = onSource(outcome, evaluated.before.metrics);
  return [
    ...preflight.map(({ check, detail }) => `preflight: ${check}: ${detail}`),
    ...(Object.keys(metrics).length === 0 ? [] : unmetMetrics(metrics, outcome, plan)),
  ];
}

/** Where tiers are in effect, what they have left is as good as the entry values. */
function unmetMetrics(metrics: Metrics, outcome: RehearsalOutcome, plan: ReleasePlan): readonly string[] {
  const earlier = new Set(outcome.evaluated?.earlier.map(({ id }) => id));
  const found = outcome.tiers.filter((tier) => tier.outcome === 'already applied').map(({ id }) => id);
  const left = plan.tiers.filter(({ id }) => earlier.has(id) || found.includes(id));
  const expected = left.map(({ rules }) => rules.expect);
  const unmet = unmetExpectations(requiredEntry(plan.metrics), metrics);
  return unmet.length === 0 ? [] : unmetExpectations(requiredEntry(plan.metrics, expected), metrics);
}
