import type { Sight } from '../../src/activities/readings';
import type { Activities } from '../../src/activities/activities';
import { WORKFLOW_QUEUE } from '../../src/core/rules/contract';
import type { AttemptResult } from '../../src/core/schema/attempt';
import type { FingerprintSummary } from '../../src/core/schema/fingerprint';
import type { GoldenRecord } from '../../src/core/schema/golden';
import type { Observation } from '../../src/core/schema/observation';
import type { ReleasePlan } from '../../src/core/schema/plan';
import { Policy } from '../../src/core/schema/target';
import type { TargetDescription } from '../../src/core/schema/target';
import { plan } from '../core/sample';
import { PACKAGE } from '../support/prepared';

/** What activities are told to do, by name; each hears what it was asked. */
export type Told = {
  readonly [Name in keyof Activities]?: (
    input: Parameters<Activities[Name]>[0],
  ) => Awaited<ReturnType<Activities[Name]>> | Promise<Awaited<ReturnType<Activities[Name]>>>;
};

export const SUMMARY: FingerprintSummary = {
  ref: 'c'.repeat(64),
  schema: 'd'.repeat(64),
  contents: 'e'.repeat(64),
  tables: 1,
  rows: 1,
};
export const APPLIED: AttemptResult = {
  outcome: 'applied',
  found: false,
  ms: 1,
  statements: 1,
  rows: 0,
  walBytes: 0,
  metrics: {},
  touched: [],
  measures: null,
  readings: [],
};
export const ROLLED_BACK: AttemptResult = { ...APPLIED, outcome: 'rolled back' };
export const ROLLOUT = {
  id: 'rollout',
  before: '10_a',
  approvals: { dba: { need: 1, of: ['dba-a', 'dba-b'] } },
};

/** What is recorded of a golden. */
export const GOLDEN: GoldenRecord = {
  source: 'production',
  package: PACKAGE,
  scope: 'full',
  rehearsal: 'rehearsal-shop-1',
  evidence: 'f'.repeat(64),
  masked: [],
  snapshot: { place: 'golden-1', digest: '9'.repeat(64), files: 3, bytes: 1000, takenAt: '' },
  fingerprint: SUMMARY,
  baseline: {},
  figures: {},
  tiersInEffect: [],
  shape: {},
};

const IDENTITY = {
  database: 'shop',
  version: 150_000,
  systemIdentifier: '1',
  timeline: 1,
  oid: '1',
  name: 'production',
  registration: 'a'.repeat(64),
};

/** What goes well by itself. */
export const WELL: Required<Told> = {
  auditOrder: audited(),
  readRollback: () => ({ file: 'rollback.sql', line: 1, sql: 'drop table orders;', more: 0 }),
  checkTarget: () => ({ identity: IDENTITY, checks: [], mutations: 0 }),
  readBaseline: () => ({ metrics: {}, mutations: 0, at: '' }),
  runChecks: () => ({ checks: [], mutations: 0 }),
  readConditions: () => ({ unmet: [], readAt: '' }),
  revalidate: () => ({ metrics: {}, mutations: 0, at: '' }),
  readGates: ({ asked }) => ({
    answers: asked.map(() => ({ readings: [], unreadable: null })),
    mutations: 0,
  }),
  watchGates: ({ asked }) => ({
    answers: asked.map(() => ({ readings: [], unreadable: null })),
    rounds: 1,
    readAt: '2026-06-03T10:00:00.000Z',
    notifies: false,
    alarmAfterMs: 300_000,
  }),
  readAnomalies: () => ({ found: [], figures: {}, mutations: 0 }),
  observeTarget: (sight) => seen(sight),
  readTiersInEffect: () => ({ tiers: [] }),
  removeDump: () => undefined,
  claimDatabase: () => ({ claim: 1, fingerprint: null }),
  closeClaim: () => undefined,
  applyTier: () => APPLIED,
  rollBackTier: () => ROLLED_BACK,
  captureSource: ({ dump }) => ({
    baseline: {},
    fingerprint: SUMMARY,
    mutations: 0,
    dump,
    shape: {
      owner: 'owner',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      icu: null,
      settings: [],
      grants: null,
      bytes: 1,
    },
    tiersInEffect: [],
  }),
  restoreClone: () => undefined,
  openClone: () => ({ cut: [] }),
  fingerprintClone: () => SUMMARY,
  compareFingerprints: () => ({ verdict: 'identical', differences: [], more: 0 }),
  dropClone: () => undefined,
  keepClone: () => undefined,
  countLosses: () => ({ losses: [], fingerprint: null }),
  checkCloneHost: () => undefined,
  listClonesLeft: () => [],
  describeTarget: ({ target }) => described(target),
  readKeptClone: ({ name }) => ({ clone: { name, nonce: 'nonce-1' }, kept: GOLDEN, record: null }),
  takeSnapshot: ({ place }) => ({ ...GOLDEN, snapshot: { ...GOLDEN.snapshot, place } }),
  enterGolden: () => undefined,
  findGolden: ({ name }) => ({ clone: { name, nonce: 'nonce-1' }, record: GOLDEN, is: 'ours' }),
  checkSnapshot: () => [],
  prepareReset: () => [],
  restoreGolden: () => undefined,
  swapGolden: ({ old }) => `one_roof_drop_${old.nonce}`,
  retireGolden: ({ name }) => ({ clone: { name, nonce: 'nonce-1' }, record: GOLDEN }),
  checkMasking: () => ({ mutations: 0 }),
  maskClone: () => ({ masked: [{ column: 'public.users.email', rows: 8 }] }),
  recordEvidence: () => ({ digest: 'f'.repeat(64) }),
  answerChecks: () => ({ answers: [] }),
  compareEnds: () => ({ comparison: { verdict: 'identical', differences: [], more: 0 }, excused: [] }),
  readHoldingLocks: () => ({ locks: [] }),
  findRehearsal: () => ({ digest: 'f'.repeat(64), id: 'rehearsal-shop-1', at: '', tiers: { '10_a': 4000 } }),
  subscribeToGates: () => undefined,
  readCurrentBuild: () => null,
  notifyPeople: () => undefined,
  verifySignature: () => ({ fault: null }),
};

/** The audit of an order: this plan, and a target of this policy. */
export function audited(
  change: Partial<ReleasePlan> = {},
  policy: object = {},
): Required<Told>['auditOrder'] {
  return ({ targets }) => ({
    plan: plan({ gates: [ROLLOUT], ...change }),
    targets: targets.map((name) => described(name, policy)),
  });
}

/** A target by its name. */
export function described(name: string, policy: object = {}): TargetDescription {
  return {
    name,
    kind: name === 'clone-host' ? 'clone-host' : 'database',
    queue: WORKFLOW_QUEUE,
    protected: true,
    registered: true,
    notifies: false,
    verifiesSignatures: false,
    policy: Policy.parse({ gates: [{ id: 'policy', before: 'first' }], ...policy }),
  };
}

/** A look at a target: what was asked for, all well; every gate open. */
export function seen({ gates, schema }: Sight, change: Partial<Observation> = {}): Observation {
  const readings = gates.map(({ gate, opens }) => ({ gate, open: true, value: 1, opens, readAt: '' }));
  return { checks: [], metrics: {}, readings, schema: schema ? SUMMARY : null, mutations: 0, ...change };
}
