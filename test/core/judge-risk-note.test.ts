import { judgeRiskNote, judgeRiskNotes } from '../../src/core/rules/judge-risk-note';
import type { StatementMeasure } from '../../src/core/schema/attempt';
import type { LockHeld } from '../../src/core/schema/blast';
import type { RiskNote } from '../../src/core/schema/risk-note';

const ORDERS = { relation: 'public.orders', heldMs: 40 };
const EXCLUSIVE: LockHeld = { ...ORDERS, mode: 'AccessExclusiveLock', blocks: 'reads and writes' };
const SHARE: LockHeld = { ...ORDERS, mode: 'ShareLock', blocks: 'writes' };
const BUILD = { index: 'public.by_day', table: 'public.orders' };
const SCAN = { relation: 'public.orders', rows: 820 };

function note(rule: string, line = 3): RiskNote {
  return { tier: '10_a', file: 'prod/10_a.sql', line, rule, message: 'it may be slow' };
}

function measure(change: Partial<StatementMeasure> = {}): StatementMeasure {
  return {
    number: 1,
    line: 3,
    text: 'alter table orders …',
    ms: 10,
    rows: null,
    locks: [],
    rewrites: [],
    walBytes: 0,
    startedMs: 0,
    indexBuilds: [],
    scans: [],
    ...change,
  };
}

describe('a note of the linter', () => {
  it.each([
    ['changing-column-type', { locks: [EXCLUSIVE], rewrites: ['public.orders'] }],
    ['adding-field-with-default', { locks: [EXCLUSIVE], rewrites: ['public.orders'] }],
    ['adding-not-nullable-field', { locks: [EXCLUSIVE], scans: [SCAN] }],
    ['adding-foreign-key-constraint', { locks: [SHARE], scans: [SCAN] }],
    ['constraint-missing-not-valid', { locks: [SHARE], indexBuilds: [BUILD] }],
    ['disallowed-unique-constraint', { locks: [EXCLUSIVE], indexBuilds: [BUILD] }],
    ['adding-serial-primary-key-field', { locks: [EXCLUSIVE], indexBuilds: [BUILD] }],
    ['require-concurrent-index-creation', { locks: [SHARE], indexBuilds: [BUILD] }],
    ['require-concurrent-index-deletion', { locks: [EXCLUSIVE] }],
    ['require-concurrent-reindex', { locks: [EXCLUSIVE] }],
  ])('%s is measured so where the statement did what it says', (rule, did) => {
    expect(judgeRiskNote(note(rule), [measure(did)])).toMatchObject({ verdict: 'measured so', refuted: [] });
  });

  it.each([
    ['changing-column-type', { locks: [EXCLUSIVE] }, ['rewrites']],
    ['adding-not-nullable-field', { locks: [EXCLUSIVE] }, ['reads it all']],
    ['disallowed-unique-constraint', { locks: [EXCLUSIVE] }, ['builds an index']],
    ['require-concurrent-index-deletion', { locks: [SHARE] }, ['keeps readers away']],
    ['require-concurrent-index-creation', { indexBuilds: [BUILD] }, ['keeps writers away']],
  ] as const)('%s is measured otherwise where it did not, and says in what', (rule, did, refuted) => {
    const [locks, indexBuilds] = [
      'locks' in did ? [...did.locks] : [],
      'indexBuilds' in did ? [...did.indexBuilds] : [],
    ];
    expect(judgeRiskNote(note(rule), [measure({ locks, indexBuilds })])).toMatchObject({
      verdict: 'measured otherwise',
      refuted,
    });
  });

  it('of a table that the tier itself made is measured otherwise: nobody else knows it', () => {
    const locks = [{ ...SHARE, isNew: true }];
    expect(judgeRiskNote(note('require-concurrent-index-creation'), [measure({ locks })])).toMatchObject({
      verdict: 'measured otherwise',
      cost: { locks: [], own: ['public.orders'] },
    });
  });

  it('stands beside the statement that it stands in, whichever line of it', () => {
    const measures = [
      measure({ line: 3 }),
      measure({ number: 2, line: 7, locks: [EXCLUSIVE], rewrites: ['public.orders'] }),
      measure({ number: 3, line: 12 }),
    ];
    expect(judgeRiskNote(note('changing-column-type', 9), measures).verdict).toBe('measured so');
    expect(judgeRiskNote(note('changing-column-type', 12), measures).verdict).toBe('measured otherwise');
  });

  it('finds the lock that an earlier statement of the transaction took on the same table', () => {
    const earlier = measure({ locks: [{ ...EXCLUSIVE, heldMs: 40 }] });
    const later = measure({ number: 2, line: 5, startedMs: 10, rewrites: ['public.orders'] });
    const rule = note('changing-column-type', 5);
    expect(judgeRiskNote(rule, [earlier, later])).toMatchObject({
      verdict: 'measured so',
      cost: { locks: [{ relation: 'public.orders', since: 3 }] },
    });
    const elsewhere = { ...later, text: 'alter table orders_old …' };
    expect(judgeRiskNote(rule, [earlier, elsewhere]).verdict).toBe('measured otherwise');
    const released = { ...later, startedMs: 41 };
    expect(judgeRiskNote(rule, [earlier, released]).verdict).toBe('measured otherwise');
  });

  it('on what no server can be asked is not measurable', () => {
    for (const rule of ['ban-drop-column', 'renaming-table', 'prefer-text-field', 'adding-required-field'])
      expect(judgeRiskNote(note(rule), [measure({ locks: [EXCLUSIVE] })])).toMatchObject({
        verdict: 'not measurable',
        cost: { locks: [{ relation: 'public.orders' }] },
      });
  });

  it('is not measured where its statement was not, or before scans were', () => {
    expect(judgeRiskNote(note('changing-column-type'), [])).toMatchObject({
      verdict: 'not measured',
      cost: null,
    });
    const { scans, ...old } = measure({ locks: [SHARE] });
    expect(scans).toEqual([]);
    expect(judgeRiskNote(note('adding-foreign-key-constraint'), [old]).verdict).toBe('not measured');
  });
});

describe('the notes of the linter', () => {
  it('are those on the tiers that are asked about, what was measured first', () => {
    const notes = [note('ban-drop-column'), note('changing-column-type'), { ...note('x'), tier: '20_b' }];
    const judged = judgeRiskNotes(notes, { '10_a': [measure()] }, ['10_a']);
    expect(judged.map(({ verdict }) => verdict)).toEqual(['measured otherwise', 'not measurable']);
  });
});
