import { recommend } from '../../../src/core/rules/evaluation/recommend';
import type { Evaluated } from '../../../src/core/rules/evaluation/recommend';
import { waysBack } from '../../../src/core/rules/evaluation/ways-back';
import type { Recommendation, ScopeRun } from '../../../src/core/schema/evaluation';
import { move, run } from './sample';

const IDENTICAL = { verdict: 'identical', differences: [], more: 0 } as const;
const MOVED = move('gap', {
  trail: [210, 0],
  end: 0,
  policy: 'expected: 0',
  inert: false,
  verdict: 'moves as declared',
});
const LOCK = { tier: '20_b', relation: 'public.orders', mode: 'ShareLock', ms: 12 };

/** All went well; `change` says what did not. */
function evaluated(change: Partial<Record<'part' | 'whole' | 'path', Partial<ScopeRun>>> = {}): Evaluated {
  const earlier = [
    { id: '10_a', outcome: 'applied before', ms: 1, rows: 1, rollback: 'identical', rollbackMs: 1 } as const,
  ];
  const part = run({ ...change.part });
  const whole = run({ scope: 'full', metrics: [MOVED], ...change.whole });
  const path = run({
    scope: 'full',
    after: ['part'],
    metrics: [MOVED],
    earlier: [...earlier],
    ...change.path,
  });
  const ends = { scope: 'full', after: ['part'], comparison: { ...IDENTICAL, differences: [] }, excused: [] };
  return { part, whole, path, ends, ways: waysBack([part, whole, path]), split: [] };
}

function failing({ reasons }: Recommendation): readonly string[] {
  return reasons.filter(({ state }) => state === 'fails').map(({ about }) => about);
}

describe('a recommendation', () => {
  it('is given where every proof holds', () => {
    const recommendation = recommend(evaluated());
    expect(failing(recommendation)).toEqual([]);
    expect(recommendation).toMatchObject({
      scope: 'part',
      before: 'full',
      verdict: 'recommended',
      conditions: [],
    });
  });

  it('bears a figure with each reason: of what is inert that which the rest moves', () => {
    const { reasons } = recommend(evaluated());
    expect(reasons.every(({ words }) => words !== '')).toBe(true);
    expect(reasons.find(({ about }) => about.startsWith('declared inert'))?.words).toContain(
      'gap 210 → 210 → 210 → 210',
    );
  });

  it.each([
    ['the part fails', { part: { outcome: 'failed' } }, 'part by itself rehearsed'],
    ['the rest fails after it', { path: { outcome: 'failed' } }, 'the rest after part rehearsed'],
    [
      'an inert metric moves after a tier',
      { part: { metrics: [move('gap', { trail: [209, 210] })] } },
      'declared inert, and did not move',
    ],
    [
      'an inert metric has moved at the end',
      { part: { metrics: [move('gap', { end: 209 })] } },
      'declared inert, and did not move',
    ],
    [
      'a metric moves that nobody declared',
      { part: { metrics: [move('gap', { inert: false, end: 0, verdict: 'moves undeclared' })] } },
      'nothing moves undeclared',
    ],
    [
      'a metric misses its value',
      { part: { metrics: [move('gap', { inert: false, verdict: 'misses its value' })] } },
      'nothing moves undeclared',
    ],
    [
      'a rollback is not exact',
      {
        part: {
          tiers: [{ id: '10_a', outcome: 'applied', ms: 1, rows: 1, rollback: 'order only', rollbackMs: 1 }],
        },
      },
      'rollback exact from every state',
    ],
    [
      'the part is not rolled back once the rest is',
      {
        path: {
          earlier: [
            { id: '10_a', outcome: 'applied before', ms: 1, rows: 1, rollback: 'different', rollbackMs: 1 },
          ],
        },
      },
      'rollback exact from every state',
    ],
    [
      'the rest would not find what it needs',
      { path: { unmetEntry: ['gap is 0, expected 210'] } },
      'the rest may begin where part ends',
    ],
    ['the source was written to', { whole: { mutations: 1 } }, 'the source untouched'],
  ] satisfies readonly (readonly [string, Parameters<typeof evaluated>[0], string])[])(
    'is against it where %s',
    (_, change, about) => {
      const recommendation = recommend(evaluated(change));
      expect(recommendation.verdict).toBe('not recommended');
      expect(failing(recommendation)).toContain(about);
    },
  );

  it('is against it where both ways do not end alike', () => {
    const comparison = {
      verdict: 'different',
      differences: ['table public.t: 1 row more'],
      more: 0,
    } as const;
    const ends = {
      scope: 'full',
      after: ['part'],
      comparison: { ...comparison, differences: [...comparison.differences] },
      excused: [],
    };
    const recommendation = recommend({ ...evaluated(), ends });
    expect(recommendation.verdict).toBe('not recommended');
    expect(recommendation.reasons.some(({ words }) => words.includes('1 row more'))).toBe(true);
  });

  it.each([
    ['was aborted', { path: { outcome: 'aborted' } }],
    [
      'was not reached',
      { path: { outcome: 'not reached', tiers: [], earlier: [], metrics: [], checks: [] } },
    ],
    ['has no figures', { part: { metrics: [] } }],
  ] satisfies readonly (readonly [string, Parameters<typeof evaluated>[0]])[])(
    'is left open where a scope %s',
    (_, change) => {
      expect(recommend(evaluated(change)).verdict).toBe('undecided');
    },
  );

  it('names what is to be done where the gate is not split', () => {
    const recommendation = recommend({ ...evaluated(), split: ['Gate rollout holds for both.'] });
    expect(recommendation).toMatchObject({
      verdict: 'recommended, with conditions',
      conditions: ['Gate rollout holds for both.'],
    });
  });

  it('makes a condition of locks that one step would not take, and of checks that mean nothing', () => {
    const { verdict, conditions } = recommend(
      evaluated({
        path: { locks: [LOCK] },
        part: {
          checks: [
            {
              file: 'verify.sql',
              check: 'always',
              before: 'ok',
              after: 'ok',
              was: '',
              is: '',
              meaning: 'says nothing',
            },
          ],
        },
      }),
    );
    expect(verdict).toBe('recommended, with conditions');
    expect(conditions).toHaveLength(2);
    expect(conditions.join()).toContain('ShareLock on public.orders');
  });
});

describe('the ways back', () => {
  it('tell a difference that was seen rather than what was not reached behind it', () => {
    const tiers = [
      { id: '20_b', outcome: 'applied', ms: 1, rows: 1, rollback: 'different', rollbackMs: 1 } as const,
      { id: '10_a', outcome: 'applied', ms: 1, rows: 1, rollback: null, rollbackMs: null } as const,
    ];
    expect(waysBack([run({ tiers: [...tiers] })])[0]?.verdict).toBe('different');
  });

  it('are not shown where a tier was not rolled back', () => {
    const tiers = [
      { id: '10_a', outcome: 'applied', ms: 1, rows: 1, rollback: null, rollbackMs: null } as const,
    ];
    expect(waysBack([run({ tiers: [...tiers] })])[0]?.verdict).toBe('not shown');
    expect(waysBack([run({ outcome: 'not reached', tiers: [] })])[0]?.verdict).toBe('not shown');
  });
});
