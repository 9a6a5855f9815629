import type { CheckAnswer, EvaluatedRehearsal } from '../../../src/core/schema/evaluated-rehearsal';
import type { MetricMove, ScopeRun } from '../../../src/core/schema/evaluation';
import type { RehearsalOutcome, RehearsedTier } from '../../../src/core/schema/outcome';
import { PACKAGE } from '../../support/prepared';

export function tier(id: string, change: Partial<RehearsedTier> = {}): RehearsedTier {
  return {
    id,
    outcome: 'applied',
    ms: 10,
    statements: 1,
    rows: 1,
    walBytes: 0,
    locks: 0,
    rollback: 'identical',
    differences: [],
    repeat: 'unchanged',
    metrics: {},
    rollbackMs: 5,
    ...change,
  };
}

export function answer(check: string, change: Partial<CheckAnswer> = {}): CheckAnswer {
  return { file: 'verify.sql', check, answer: 'ok', detail: '', ...change };
}

/** A rehearsal of the part of a package, evaluated. */
export function rehearsed(
  change: Partial<RehearsalOutcome> = {},
  evaluated: Partial<EvaluatedRehearsal> = {},
): RehearsalOutcome {
  return {
    kind: 'rehearsal',
    id: 'rehearsal-shop-abc1231',
    outcome: 'rehearsed',
    package: PACKAGE,
    scope: 'full',
    source: 'production',
    sourceIdentity: null,
    cloneHost: 'clone-host',
    clone: 'shop_rehearsal_1',
    startedAt: '2026-06-03T10:00:00.000Z',
    endedAt: '2026-06-03T10:00:09.000Z',
    baseline: { entry: {}, exit: {} },
    figures: {},
    tiers: [tier('10_a')],
    reapplied: null,
    gates: [],
    mutations: { source: 0 },
    clonesLeft: [],
    stages: [],
    evidence: null,
    ...change,
    evaluated: {
      after: [],
      earlier: [],
      before: { metrics: {}, checks: [] },
      checks: [],
      entry: null,
      end: null,
      ...evaluated,
    },
  };
}

export function move(metric: string, change: Partial<MetricMove> = {}): MetricMove {
  const still = { entry: 210, trail: [210, 210], end: 210, policy: 'forbidden', inert: true } as const;
  return { metric, meaning: '', ...still, trail: [...still.trail], verdict: 'stays', ...change };
}

/** A scope that was rehearsed well. */
export function run(change: Partial<ScopeRun> = {}): ScopeRun {
  return {
    scope: 'part',
    after: [],
    outcome: 'rehearsed',
    rehearsal: 'rehearsal-shop-abc1231',
    evidence: null,
    ms: 9_000,
    tiers: [{ id: '10_a', outcome: 'applied', ms: 10, rows: 1, rollback: 'identical', rollbackMs: 5 }],
    earlier: [],
    metrics: [move('gap')],
    figures: {},
    checks: [
      {
        file: 'verify.sql',
        check: 'it is there',
        before: 'not ok',
        after: 'ok',
        was: '',
        is: '',
        meaning: 'proves it',
      },
    ],
    unmetEntry: [],
    locks: [],
    gates: [],
    mutations: 0,
    clonesLeft: [],
    ...change,
  };
}
