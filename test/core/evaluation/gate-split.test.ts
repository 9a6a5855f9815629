import { scopeGates, splitRequires } from '../../../src/core/rules/evaluation/gate-split';
import type { Gated } from '../../../src/core/rules/evaluation/gate-split';
import type { GateRule, PolicyGate } from '../../../src/core/schema/gate-rule';
import { plannedTier } from '../../support/prepared';
import { plan } from '../sample';

const HARD = { sql: 'select count(*) from approvals', opens: '> 0' };
const DBA = { dba: { need: 1, of: ['dba-a'] } };
const BOTH = { dba: { need: 1, of: ['dba-a'] }, release: { need: 1, of: ['lead-a'] } };
const READING = { gate: 'structure', open: false, value: 0, opens: '> 0', readAt: '' };

function gate(id: string, change: Partial<GateRule> = {}): GateRule {
  return { id, before: '10_a', approvals: DBA, ...change };
}

/** Both scopes of a package with these gates, under a policy of those. */
function scopes(gates: readonly GateRule[], policyGates: readonly PolicyGate[], readings = [READING]) {
  const of = (scope: string, ids: readonly string[]): Gated => ({
    plan: plan({
      scope,
      tiers: ids.map((id) => plannedTier(id)),
      gates: gates.filter((each) => each.scopes?.includes(scope) ?? true),
    }),
    policyGates,
    readings,
  });
  return { part: of('part', ['10_a']), whole: of('full', ['10_a', '20_b']) };
}

function required(...of: Parameters<typeof scopes>): readonly string[] {
  const { part, whole } = scopes(...of);
  return splitRequires(part, whole, 'production');
}

const STRUCTURE = gate('structure', { scopes: ['part'] });
const ROLLOUT = gate('rollout', { scopes: ['full'], approvals: BOTH });

describe('the split of a gate', () => {
  it('requires nothing where each scope has its own, in package and policy', () => {
    expect(required([STRUCTURE, ROLLOUT], [STRUCTURE, ROLLOUT])).toEqual([]);
  });

  it('requires one of its own where a gate holds for both', () => {
    const [first, ...others] = required([gate('rollout')], [gate('rollout')]);
    expect(first).toMatch(
      /^Gate rollout holds for part and full alike: .*release.yaml and in the policy of production/,
    );
    expect(others).toEqual([]);
  });

  it('says where: in the policy, where only that one holds for both', () => {
    expect(required([STRUCTURE, ROLLOUT], [gate('dba')]).join()).toContain('In the policy of production');
  });

  it('requires one where none holds for the part', () => {
    expect(required([ROLLOUT], [ROLLOUT])[0]).toMatch(/^No gate holds for part/);
  });

  it('requires one in the policy where the package alone would choose', () => {
    expect(required([STRUCTURE, ROLLOUT], [ROLLOUT])).toEqual([
      expect.stringMatching(/policy of production names no gate for part/),
    ]);
  });

  it('names tiers of the rest that would stand behind no gate', () => {
    expect(required([STRUCTURE], [STRUCTURE]).join()).toContain(
      '20_b, of the rest, would stand behind no gate',
    );
  });

  it('is none by its hard gate where both ask the same and it is closed', () => {
    const gates = [
      { ...STRUCTURE, hard: HARD },
      { ...ROLLOUT, hard: HARD },
    ];
    expect(required(gates, gates)).toEqual([
      expect.stringMatching(/structure asks the same question as rollout, which reads 0/),
    ]);
    expect(required(gates, gates, [{ ...READING, open: true, value: 1 }])).toEqual([]);
  });

  it('shows whose approval each gate asks for, and what it read', () => {
    const gates = [{ ...STRUCTURE, hard: HARD }];
    expect(scopeGates(scopes(gates, gates).part)).toMatchObject([
      { id: 'structure', source: 'both', named: true, groups: ['dba: 1 of dba-a'], reading: { value: 0 } },
    ]);
  });
});
