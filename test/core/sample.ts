import type { Approval } from '../../src/core/schema/act';
import type { ReleasePlan } from '../../src/core/schema/plan';
import { PACKAGE, plannedTier } from '../support/prepared';

/** A plan of three tiers; `change` says what is different about it. */
export function plan(change: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    package: PACKAGE,
    scope: 'full',
    database: { name: 'shop', postgres: '>=14' },
    tiers: ['10_a', '20_b', '30_c'].map((id) => plannedTier(id)),
    gates: [],
    preflight: null,
    verify: null,
    readContract: null,
    revalidate: null,
    probe: null,
    metrics: {},
    onFailure: 'rollback',
    volatile: [],
    author: null,
    lastEditor: null,
    ...change,
  };
}

/** An approval of gate `rollout`. */
export function approval(who: string): Approval {
  return {
    release: 'release-shop-1',
    digest: PACKAGE.digest,
    scope: 'full',
    target: 'production',
    gate: 'rollout',
    rehearsal: null,
    schema: null,
    decision: 'approved',
    who,
    at: '2026-06-03T00:00:00.000Z',
    reason: 'read',
    key: `key-of-${who}`,
    assurance: 'claimed',
  };
}
