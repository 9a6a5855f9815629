import { breachesOf, budgetOf, limitOf } from '../../src/core/rules/budget';
import { compareBlast } from '../../src/core/rules/compare-blast';
import { blockedBy, conflictsOf, isInTheWay, strengthOf } from '../../src/core/rules/lock-conflicts';
import { blastOf } from '../../src/core/rules/tier-blast';
import type { StatementMeasure } from '../../src/core/schema/attempt';
import { TierBlast } from '../../src/core/schema/blast';

const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

describe('the conflicts of lock modes', () => {
  it('are the same from both sides', () => {
    for (const one of MODES)
      for (const other of MODES)
        expect(conflictsOf(one).some((mode) => mode === other)).toBe(
          conflictsOf(other).some((mode) => mode === one),
        );
  });

  it.each([
    ['AccessShareLock', 'schema changes'],
    ['RowExclusiveLock', 'schema changes'],
    ['ShareUpdateExclusiveLock', 'schema changes'],
    ['ShareLock', 'writes'],
    ['ShareRowExclusiveLock', 'writes'],
    ['ExclusiveLock', 'writes'],
    ['AccessExclusiveLock', 'reads and writes'],
    ['SIReadLock', 'nothing that applications do'],
  ])('%s blocks %s', (mode, blocked) => {
    expect(blockedBy(mode)).toBe(blocked);
  });

  it('tell who is in the way, and what is stronger', () => {
    expect(MODES.filter((mode) => isInTheWay(blockedBy(mode)))).toEqual(MODES.slice(4));
    expect([...MODES].sort((one, other) => strengthOf(one) - strengthOf(other))).toEqual(MODES);
  });
});

describe('the blast radius of a tier', () => {
  it('is that of the longest lock in the way, of the strongest lock, and of all that was written anew', () => {
    const blast = blastOf([
      measure({ locks: [lock('public.a', 'ShareLock', 900), lock('public.b', 'RowExclusiveLock', 5_000)] }),
      measure({ locks: [lock('public.a', 'AccessExclusiveLock', 40)], rewrites: ['public.a'] }),
      measure({ rewrites: ['public.a'], walBytes: 5, temporaryBytes: 7 }),
    ]);
    expect(blast).toMatchObject({
      lockMs: 900,
      longestLock: { relation: 'public.a', mode: 'ShareLock', blocks: 'writes' },
      strongestLock: { relation: 'public.a', mode: 'AccessExclusiveLock', ms: 40 },
      blocks: 'reads and writes',
      rewrites: ['public.a'],
      walBytes: 5,
      temporaryBytes: null,
    });
    expect(TierBlast.parse(blast)).toEqual(blast);
  });

  it('is nothing where it only makes what nobody knows yet', () => {
    const made = { ...lock('public.fresh', 'AccessExclusiveLock', 900), isNew: true };
    expect(blastOf([measure({ locks: [made] })])).toMatchObject({
      lockMs: 0,
      longestLock: null,
      strongestLock: null,
      blocks: 'nothing that applications do',
    });
  });

  it('keeps its lists short, and says how many entries it left out', () => {
    const scans = Array.from({ length: 50 }, (_, index) => ({ relation: `public.t${index}`, rows: 1 }));
    const blast = blastOf([measure({ scans })]);
    expect([blast.scans.length, blast.more]).toEqual([20, 30]);
  });

  it('says nothing of the size where one table was not measured before', () => {
    const grown = { relation: 'public.a', before: 10, after: 30 };
    expect(blastOf([measure({ sizes: [grown] })]).sizeChange).toBe(20);
    expect(blastOf([measure({ sizes: [grown, { ...grown, before: null }] })]).sizeChange).toBeNull();
  });
});

describe('a budget', () => {
  it('of a tier replaces that of the package key by key', () => {
    expect(budgetOf({ maxLock: '1s', noRewrite: true }, { maxLock: '5s' })).toEqual({
      maxLock: '5s',
      noRewrite: true,
    });
    expect(budgetOf(undefined, undefined)).toBeUndefined();
  });

  it('names each breach with its figures', () => {
    const blast = blastOf([
      measure({ locks: [lock('public.a', 'AccessExclusiveLock', 812)], rewrites: ['public.a'] }),
    ]);
    const budget = { maxLock: '500ms', maxDuration: '1s', noRewrite: true };
    expect(breachesOf(budget, { ms: 1_200, blast })).toEqual([
      'public.a was locked for 812 ms (AccessExclusiveLock, which blocks reads and writes), and maxLock is 500ms',
      'it took 1200 ms, and maxDuration is 1s',
      'it rewrote public.a, and noRewrite is set',
    ]);
    expect(breachesOf({ maxLock: '1s', maxDuration: '2s' }, { ms: 1_200, blast })).toEqual([]);
    expect(breachesOf({ maxLock: '0ms' }, { ms: 1, blast: blastOf([]) })).toEqual([]);
  });

  it('limits production to so many times the rehearsal, but never below the floor', () => {
    expect(limitOf({ tolerance: 3 }, 4_000)).toEqual({ ms: 12_000, rehearsedMs: 4_000, tolerance: 3 });
    expect(limitOf({ tolerance: 3 }, 50)?.ms).toBe(5_000);
    expect([limitOf({}, 4_000), limitOf({ tolerance: 3 }, undefined), limitOf({ tolerance: 3 }, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a comparison with the rehearsal', () => {
  it('has a ratio for each figure that was measured in both', () => {
    const then = { ms: 100, blast: blastOf([measure({ walBytes: 10 })]) };
    const now = {
      ms: 250,
      blast: blastOf([measure({ walBytes: 5, locks: [lock('public.a', 'ShareLock', 7)] })]),
    };
    expect(compareBlast(then, now)).toEqual({
      ms: { rehearsed: 100, released: 250, ratio: 2.5 },
      lockMs: { rehearsed: 0, released: 7, ratio: null },
      walBytes: { rehearsed: 10, released: 5, ratio: 0.5 },
    });
    expect(compareBlast({ ms: 100 }, now)).toEqual({ ms: { rehearsed: 100, released: 250, ratio: 2.5 } });
  });
});

function measure(change: Partial<StatementMeasure>): StatementMeasure {
  return { number: 1, line: 1, text: '', ms: 1, rows: null, locks: [], rewrites: [], walBytes: 0, ...change };
}

function lock(relation: string, mode: string, heldMs: number) {
  return { relation, mode, heldMs, blocks: blockedBy(mode) };
}
