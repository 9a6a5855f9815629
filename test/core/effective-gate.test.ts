import {
  effectiveGates,
  gateStatus,
  gatesBefore,
  gatesGoverning,
  sharedGateName,
} from '../../src/core/rules/effective-gate';
import { Descriptor } from '../../src/core/schema/descriptor';
import { Policy } from '../../src/core/schema/target';
import type { PolicyGate } from '../../src/core/schema/gate-rule';
import { approval, plan } from './sample';

const HARD = { sql: 'select count(*) from approvals', opens: '> 0' };
const DBA = { dba: { need: 1, of: ['dba-a', 'dba-b'] } };
const TARGET: PolicyGate = { id: 'production', before: 'first', approvals: DBA };

describe('the effective gates', () => {
  it('are those of the target AND those of the package', () => {
    const gates = effectiveGates(plan({ gates: [{ id: 'rollout', before: '20_b', approvals: {} }] }), [
      TARGET,
    ]);
    expect(gates.map(({ id, before, source }) => [id, before, source])).toEqual([
      ['rollout', '20_b', 'package'],
      ['production', '10_a', 'target'],
    ]);
  });

  it('put a policy’s gate before an unknown tier before the first: they fail closed', () => {
    expect(effectiveGates(plan(), [{ ...TARGET, before: '99_elsewhere' }])[0]?.before).toBe('10_a');
  });

  it('leave out a policy’s gate for other scopes', () => {
    expect(effectiveGates(plan(), [{ ...TARGET, scopes: ['option-3'] }])).toEqual([]);
  });

  it('make one gate of two of one name, with the groups of both', () => {
    const mine = {
      id: 'production',
      before: '10_a',
      approvals: { lead: { need: 1, of: ['lead-a'] } },
      hard: HARD,
    };
    const gates = effectiveGates(plan({ gates: [mine] }), [TARGET]);
    expect(gates).toEqual([{ ...mine, approvals: { ...mine.approvals, ...DBA }, source: 'both' }]);
  });

  it('never let a package’s group stand for the target’s group of the same name', () => {
    const weaker = { id: 'production', before: '10_a', approvals: { dba: { need: 1, of: ['anyone'] } } };
    const gates = effectiveGates(plan({ gates: [weaker] }), [TARGET]);
    expect(gates[0]?.approvals).toEqual({ dba: weaker.approvals.dba, 'target.dba': DBA.dba });
  });

  it('keep two hard gates of one name apart', () => {
    const other = { id: 'production', before: '10_a', approvals: {}, hard: { ...HARD, opens: '> 1' } };
    const gates = effectiveGates(plan({ gates: [other] }), [{ ...TARGET, hard: HARD }]);
    expect(gates.map((gate) => gate.id)).toEqual(['production', 'target.production']);
  });
});

describe('two gates of one name', () => {
  it('are found, for a gate is passed by its name', () => {
    const gates = effectiveGates(plan({ gates: [gate('target.rollout', '10_a'), gate('rollout', '10_a')] }), [
      { ...TARGET, id: 'rollout', before: '20_b' },
    ]);
    expect(sharedGateName(gates)).toBe('target.rollout');
    expect(sharedGateName(effectiveGates(plan(), [TARGET]))).toBeUndefined();
  });

  it('are refused in a policy, and a package may not name one as a policy’s would be', () => {
    expect(Policy.safeParse({ gates: [TARGET, { ...TARGET, before: '20_b' }] }).success).toBe(false);
    const descriptor = {
      name: 'shop',
      version: '1',
      database: { name: 'shop' },
      tiers: [{ id: '10_a', apply: 'a.sql', irreversible: 'no' }],
    };
    expect(Descriptor.safeParse({ ...descriptor, gates: [gate('target.x', '10_a')] }).success).toBe(false);
    expect(Descriptor.safeParse({ ...descriptor, gates: [gate('x', '10_a')] }).success).toBe(true);
  });
});

describe('a tier', () => {
  it('is governed by the nearest gate at or before it, of package and of target each', () => {
    const gates = effectiveGates(plan({ gates: [gate('one', '10_a'), gate('two', '20_b')] }), [TARGET]);
    const tiers = ['10_a', '20_b', '30_c'];
    expect(gatesGoverning(gates, tiers, '10_a').map((each) => each.id)).toEqual(['one', 'production']);
    expect(gatesGoverning(gates, tiers, '30_c').map((each) => each.id)).toEqual(['two', 'production']);
    expect(gatesBefore(gates, '20_b').map((each) => each.id)).toEqual(['two']);
  });
});

describe('a gate', () => {
  const rollout = { ...gate('rollout', '10_a'), approvals: DBA, hard: HARD, source: 'package' as const };
  const reading = { gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '2026-06-03T00:00:00Z' };

  it('is open when people have approved AND the hard gate is open', () => {
    expect(
      gateStatus(rollout, { approvals: [approval('dba-a')], readings: [reading], barred: [] }),
    ).toMatchObject({ open: true, missing: [] });
  });

  it('is closed while its hard gate has not been read, is closed or cannot be read', () => {
    const closed = { ...reading, open: false, value: 0 };
    expect(gateStatus(rollout, { approvals: [approval('dba-a')], readings: [], barred: [] }).missing).toEqual(
      ['hard gate of rollout is closed: it opens at > 0, not read yet'],
    );
    expect(
      gateStatus(rollout, { approvals: [approval('dba-a')], readings: [closed], barred: [] }).missing,
    ).toEqual(['hard gate of rollout is closed: it opens at > 0, read 0']);
    expect(
      gateStatus(rollout, {
        approvals: [approval('dba-a')],
        readings: [{ ...closed, unreadable: 'gone' }],
        barred: [],
      }).open,
    ).toBe(false);
  });

  it('counts people, not messages, and only its own approvers', () => {
    const two = { ...rollout, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } } };
    const status = gateStatus(two, {
      approvals: [approval('dba-a'), approval('dba-a'), approval('stranger')],
      readings: [reading],
      barred: [],
    });
    expect(status).toMatchObject({
      open: false,
      approvals: [{ have: ['dba-a'] }],
      missing: ['gate rollout: 1 more approval of group dba (dba-b)'],
    });
  });
});

function gate(id: string, before: string) {
  return { id, before, approvals: {} };
}
