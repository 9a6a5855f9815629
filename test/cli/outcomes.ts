import { RehearsalOutcome, ReleaseOutcome, Status } from '../../src/core/schema/outcome';

export const DIGEST = 'd96a9f0a2c1bcff89f92db8e1d5fd5ff83b011d962aea8a9b29e2bc5e04d20ce';
const PACKAGE = { name: 'one-roof-governance', version: '2026-06-03', digest: DIGEST };
const AT = '2026-06-03T10:00:00.000Z';
const LATER = '2026-06-03T10:03:47.000Z';
export const IDENTITY = {
  database: 'directus',
  version: 150_018,
  systemIdentifier: '7443',
  timeline: 1,
  oid: '16384',
  name: 'production',
  registration: 'c'.repeat(64),
};
const STAGES = [
  { stage: 'audit', state: 'done', startedAt: AT, ms: 87, note: 'digest d96a…' },
  { stage: 'gate before 10_structure', state: 'done', startedAt: AT, ms: 224_000, note: 'a | b' },
];

/** A release as its workflow returns it, with what differs. */
export function releaseOutcome(differs: Partial<ReleaseOutcome> = {}): ReleaseOutcome {
  return ReleaseOutcome.parse({
    kind: 'release',
    id: 'release-one-roof-governance-osmxz2',
    outcome: 'released',
    package: PACKAGE,
    target: 'production',
    targetIdentity: IDENTITY,
    scope: 'full',
    requester: 'lead-a',
    startedAt: AT,
    endedAt: LATER,
    baseline: { entry: { gap: 210 }, exit: { gap: 0 } },
    drift: [{ metric: 'gap', entry: 210, exit: 0, policy: 'expected: 0', verdict: 'as declared' }],
    approvals: [
      {
        release: 'release-one-roof-governance-osmxz2',
        digest: DIGEST,
        scope: 'full',
        target: 'production',
        gate: 'rollout',
        rehearsal: null,
        schema: null,
        decision: 'approved',
        who: 'dba-a',
        at: AT,
        reason: 'rehearsal read',
        key: 'key-of-dba-a',
        assurance: 'claimed',
      },
    ],
    acts: [
      { key: 'key-of-lead-a', act: 'approve', as: 'lead-a', at: AT, accepted: false, reason: 'own request' },
    ],
    tiers: [{ id: '10_structure', outcome: 'applied', ms: 67, attempts: 1, metrics: {} }],
    fingerprint: { before: null, after: null },
    rollback: null,
    readings: [{ gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: AT }],
    mutations: { beforeGate: 0 },
    rolledBack: false,
    rehearsal: 'e'.repeat(64),
    stages: STAGES,
    evidence: 'f'.repeat(64),
    ...differs,
  });
}

/** A rehearsal as its workflow returns it, with what differs. */
export function rehearsalOutcome(differs: Partial<RehearsalOutcome> = {}): RehearsalOutcome {
  return RehearsalOutcome.parse({
    kind: 'rehearsal',
    id: 'rehearsal-one-roof-governance-73891g',
    outcome: 'rehearsed',
    package: PACKAGE,
    scope: 'full',
    source: 'production',
    sourceIdentity: IDENTITY,
    cloneHost: 'clone-host',
    clone: 'directus_rehearsal_20260603',
    startedAt: AT,
    endedAt: LATER,
    baseline: { entry: { gap: 210, issues: 5 }, exit: { gap: 210, issues: 9 } },
    figures: { own: 30, resp_gap: 0 },
    tiers: [
      {
        id: '10_structure',
        outcome: 'applied',
        ms: 35,
        statements: 9,
        rows: 8,
        walBytes: 46_700,
        locks: 3,
        rollback: 'identical',
        differences: [],
        repeat: 'unchanged',
        metrics: { gap: 210 },
      },
    ],
    reapplied: { verdict: 'identical', differences: [], more: 0 },
    gates: [{ gate: 'rollout', open: false, value: 0, opens: '> 0', readAt: AT }],
    mutations: { source: 0 },
    clonesLeft: [],
    stages: STAGES,
    evidence: 'f'.repeat(64),
    ...differs,
  });
}

/** A release that waits at its gate, with what differs. */
export function waitingStatus(differs: Partial<Status> = {}): Status {
  return Status.parse({
    kind: 'release',
    id: 'release-one-roof-governance-osmxz2',
    package: PACKAGE,
    scope: 'full',
    target: 'production',
    stage: 'gate before 10_structure',
    since: AT,
    stages: [...STAGES.slice(0, 1), { stage: 'gate before 10_structure', state: 'waiting', startedAt: AT }],
    gates: [
      {
        id: 'rollout',
        before: '10_structure',
        open: false,
        approvals: [
          { group: 'release', need: 1, have: ['lead-b'], of: ['lead-a', 'lead-b'] },
          { group: 'dba', need: 1, have: [], of: ['dba-a', 'dba-b'] },
        ],
        missing: ['gate rollout: 1 more approval of group dba (dba-a, dba-b)'],
        hard: { gate: 'rollout', open: false, value: 0, opens: '> 0', readAt: AT },
      },
    ],
    tiers: [{ id: '10_structure', outcome: 'not reached' }],
    waitingFor: ['gate rollout: 1 more approval of group dba (dba-a, dba-b)'],
    choices: [
      'approve or reject: the release goes on when each group has its quorum',
      'abort: nothing is applied',
    ],
    paused: false,
    ...differs,
  });
}
