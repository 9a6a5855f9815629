import { checkMeanings } from '../../../src/core/rules/evaluation/check-meanings';
import { metricMoves } from '../../../src/core/rules/evaluation/metric-moves';
import { scopeRun } from '../../../src/core/rules/evaluation/scope-run';
import { standsForRelease } from '../../../src/core/rules/evaluation/stands-for-release';
import { plannedTier } from '../../support/prepared';
import { plan } from '../sample';
import { answer, rehearsed, tier } from './sample';

const RULES = { gap: { entry: 210, exit: 0 }, axes: {}, issues: { drift: 'organic' } } as const;

function tiersOf(...inert: readonly (readonly string[])[]) {
  return inert.map((metrics, index) => {
    const planned = plannedTier(`${index + 1}0_t`);
    return { ...planned, rules: { ...planned.rules, inert: [...metrics] } };
  });
}

describe('the metrics of a rehearsed scope', () => {
  const before = (metrics: Record<string, number | string>) => ({ before: { metrics, checks: [] } });

  it.each([
    ['stays', { axes: 3 }, { axes: 3 }],
    ['moves undeclared', { axes: 3 }, { axes: 4 }],
    ['moves as declared', { gap: 210 }, { gap: 0 }],
    ['misses its value', { gap: 210 }, { gap: 7 }],
    ['misses its value', { gap: 210 }, { gap: 210 }],
    ['stays', { gap: 0 }, { gap: 0 }],
    ['organic', { issues: 5 }, { issues: 6 }],
  ])('say: %s', (verdict, entry, figures) => {
    const [moved] = metricMoves(rehearsed({ figures }, before(entry)), plan({ metrics: RULES }));
    expect(moved?.verdict).toBe(verdict);
  });

  it('are inert where each applied tier declares it, with what was read after each', () => {
    const tiers = [tier('10_t', { metrics: { gap: 210 } }), tier('20_t', { metrics: { gap: 210, axes: 1 } })];
    const outcome = rehearsed({ tiers, figures: { gap: 210, axes: 1 } }, before({ gap: 210, axes: 1 }));
    const moves = metricMoves(outcome, plan({ tiers: tiersOf(['gap', 'axes'], ['gap']) }));
    expect(moves.map(({ metric, inert, trail }) => [metric, inert, trail])).toEqual([
      ['axes', false, [1]],
      ['gap', true, [210, 210]],
    ]);
  });

  it('do not take the name of the clone for a figure that moved', () => {
    const outcome = rehearsed(
      { figures: { current_database: 'shop_rehearsal_1' }, clone: 'shop_rehearsal_1' },
      before({ current_database: 'shop_rehearsal_1' }),
    );
    expect(metricMoves(outcome, plan())[0]?.verdict).toBe('stays');
  });
});

describe('a check', () => {
  it.each([
    ['proves it', answer('c', { answer: 'not ok' }), answer('c')],
    ['needs it', answer('c', { answer: 'unreadable' }), answer('c')],
    ['needs it', undefined, answer('c')],
    ['follows it', answer('c', { detail: '0 rows' }), answer('c', { detail: '30 rows' })],
    ['says nothing', answer('c', { detail: '0 rows' }), answer('c', { detail: '0 rows' })],
    ['not met', answer('c'), answer('c', { answer: 'not ok' })],
    ['not met', undefined, answer('c', { answer: 'unreadable' })],
  ])('%s', (meaning, then, now) => {
    expect(checkMeanings(then === undefined ? [] : [then], [now])[0]?.meaning).toBe(meaning);
  });

  it('of a gate proves nothing', () => {
    expect(checkMeanings([], [answer('gate:rollout')])).toEqual([]);
  });
});

describe('the state that a scope begins with', () => {
  const preflight = { path: 'preflight.sql', sha256: 'a'.repeat(64) };
  const metrics = { gap: { entry: 210 } };

  it('lacks what its preflight and its entry values do not find', () => {
    const checks = [
      answer('seam', { file: 'preflight.sql', answer: 'not ok', detail: 'missing: t' }),
      answer('gate:rollout', { file: 'preflight.sql', answer: 'not ok' }),
    ];
    const outcome = rehearsed({}, { before: { metrics: { gap: 7 }, checks } });
    const { unmetEntry } = scopeRun({ outcome, plan: plan({ preflight, metrics }), locks: [], gates: [] });
    expect(unmetEntry).toEqual(['preflight: seam: missing: t', 'gap is 7, expected 210']);
  });

  it('may be what earlier tiers have left in place of the entry values', () => {
    const earlier = [
      {
        id: '10_t',
        scope: 'part',
        ms: 1,
        rows: 1,
        measures: null,
        rollback: null,
        rollbackMs: null,
        differences: [],
      },
    ];
    const [planned] = tiersOf([]);
    const tiers =
      planned === undefined ? [] : [{ ...planned, rules: { ...planned.rules, expect: { gap: 7 } } }];
    const outcome = rehearsed({}, { after: ['part'], earlier, before: { metrics: { gap: 7 }, checks: [] } });
    expect(scopeRun({ outcome, plan: plan({ tiers, metrics }), locks: [], gates: [] }).unmetEntry).toEqual(
      [],
    );
  });
});

describe('a rehearsal', () => {
  it('after a scope that is not in effect in its source stands for no release', () => {
    expect(standsForRelease(rehearsed())).toBe(true);
    expect(standsForRelease(rehearsed({}, { after: ['part'] }))).toBe(false);
    expect(standsForRelease(rehearsed({ outcome: 'failed' }))).toBe(false);
  });
});
