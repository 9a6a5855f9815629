import { judgeApproval, judgeControl } from '../../src/core/rules/judge-act';
import type { EffectiveGate } from '../../src/core/rules/effective-gate';
import type { Bench } from '../../src/core/rules/judge-act';
import type { ApprovalPayload } from '../../src/core/schema/act';
import { PACKAGE } from '../support/prepared';
import { approval } from './sample';

const GATE: EffectiveGate = {
  id: 'rollout',
  before: '10_a',
  approvals: { dba: { need: 1, of: ['dba-a', 'lead-a', 'writer'] } },
  source: 'package',
};
const PAYLOAD: ApprovalPayload = {
  key: 'key-00001',
  gate: 'rollout',
  digest: PACKAGE.digest,
  as: 'dba-a',
  reason: 'read',
};

const BINDING = {
  release: 'release-shop-1',
  scope: 'full',
  target: 'production',
  rehearsal: 'e'.repeat(64),
  schema: 'd'.repeat(64),
};

describe('an approval', () => {
  it('is accepted of an approver, for these bytes, at the gate', () => {
    expect(judgeApproval(bench(), 'approve', PAYLOAD)).toEqual({ accepted: true });
    expect(judgeApproval(bench(), 'openGate', PAYLOAD)).toEqual({ accepted: true });
  });

  it.each([
    [
      'before the release has reached a gate',
      { phase: 'early' },
      {},
      'too early: the release has not reached a gate yet',
    ],
    ['after the end', { phase: 'ended' }, {}, 'the release has ended'],
    ['of an unknown gate', {}, { gate: 'other' }, 'there is no gate other; gates: rollout'],
    ['of a gate that has been passed', { passed: ['rollout'] }, {}, 'gate rollout has been passed already'],
    [
      'of other bytes',
      {},
      { digest: 'f'.repeat(64) },
      'wrong digest: the release carries aaaaaaaaaaaa…, not ffffffffffff…',
    ],
    ['by one whom the gate does not name', {}, { as: 'stranger' }, 'stranger is no approver of gate rollout'],
    ['by the requester', {}, { as: 'lead-a' }, 'lead-a requested this release and cannot approve it'],
    ['by the author', {}, { as: 'writer' }, 'writer wrote this package and cannot approve it'],
    ['given twice', { approvals: [approval('dba-a')] }, {}, 'dba-a has approved gate rollout already'],
    [
      'only claimed, where the target asks for a signature',
      { assurance: 'ssh' },
      {},
      'this target asks for signed acts; this one is only claimed',
    ],
  ] as const)('is refused %s', (_, change, payload, reason) => {
    expect(judgeApproval(bench(change), 'approve', { ...PAYLOAD, ...payload })).toEqual({
      accepted: false,
      reason,
    });
    expect(judgeApproval(bench(change), 'openGate', { ...PAYLOAD, ...payload })).toEqual({
      accepted: false,
      reason,
    });
  });

  it('may be withdrawn by the one who gave it, and by nobody else', () => {
    expect(judgeApproval(bench({ approvals: [approval('dba-a')] }), 'withdraw', PAYLOAD)).toEqual({
      accepted: true,
    });
    expect(judgeApproval(bench(), 'withdraw', PAYLOAD)).toMatchObject({ accepted: false });
  });
});

describe('a control act', () => {
  const act = { key: 'key-00002', as: 'lead-b', reason: 'lunch' };

  it.each([
    ['abort', {}, undefined],
    ['abort', { mayControl: ['dba-a'] }, 'lead-b may not abort a release of this target'],
    ['pause', {}, undefined],
    ['pause', { paused: true }, 'the release is paused already'],
    ['resume', {}, 'the release is not paused'],
    ['decide', {}, 'there is nothing to decide: the release does not hold'],
    ['decide', { phase: 'holding' }, undefined],
    ['closeGate', { phase: 'running' }, 'the release does not wait at a gate'],
    ['abort', { phase: 'ended' }, 'the release has ended'],
  ] as const)('%s of %j is answered: %s', (name, change, reason) => {
    expect(judgeControl(bench(change), name, act)).toEqual(
      reason === undefined ? { accepted: true } : { accepted: false, reason },
    );
  });
});

function bench(change: Partial<Bench> = {}): Bench {
  return {
    digest: PACKAGE.digest,
    requester: 'lead-a',
    author: 'writer',
    lastEditor: 'editor',
    gates: [GATE],
    passed: [],
    phase: 'at gate',
    approvals: [],
    acts: [],
    mayControl: null,
    assurance: 'claimed',
    validFor: '30d',
    verifiesSignatures: false,
    binding: BINDING,
    paused: false,
    now: Date.parse('2026-06-03T12:00:00.000Z'),
    ...change,
  };
}
