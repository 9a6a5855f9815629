import type { StatementMeasure } from '../../src/core/schema/attempt';
import type { LockHeld, TierBlast } from '../../src/core/schema/blast';
import type { Section } from '../../src/evidence/document';
import { markdownOf } from '../../src/evidence/document-markdown';
import { blastSection } from '../../src/evidence/report/blast';
import { locksSection } from '../../src/evidence/report/locks';

const LOCK = {
  relation: 'public.orders',
  mode: 'AccessExclusiveLock',
  ms: 1_500,
  blocks: 'reads and writes',
} as const;

function blast(change: Partial<TierBlast> = {}): TierBlast {
  return {
    lockMs: 1_500,
    longestLock: LOCK,
    strongestLock: LOCK,
    blocks: 'reads and writes',
    rewrites: ['public.orders'],
    indexBuilds: [{ index: 'orders_key', table: 'public.orders' }],
    scans: [{ relation: 'public.orders', rows: 820 }],
    more: 0,
    walBytes: 46_700,
    sizeChange: -2_000_000,
    temporaryBytes: null,
    ...change,
  };
}

function measure(locks: readonly LockHeld[]): StatementMeasure {
  return {
    number: 1,
    line: 3,
    text: 'alter table t',
    ms: 40,
    rows: null,
    locks: [...locks],
    rewrites: [],
    walBytes: 9,
    startedMs: 10,
  };
}

function markdown(sections: readonly Section[]): string {
  return markdownOf({ title: 'T', lead: '', sections });
}

describe('the blast radius in a report', () => {
  it('says what was kept from others, by which lock, and what else it cost', () => {
    const text = markdown(blastSection([{ id: '10_a', blast: blast() }], 'measured in production'));
    expect(text).toContain(
      'What each tier cost those who use the database beside it, measured in production.',
    );
    expect(text).toContain('`public.orders` for 1.5 s: AccessExclusive blocks reads and writes');
    expect(text).toContain(
      '| `public.orders` | `orders_key` on `public.orders` | `public.orders` (820 rows) |',
    );
    expect(text).toContain('| 46.7 kB | -2.0 MB |');
  });

  it('says that nothing was kept from others', () => {
    const quiet = blast({ longestLock: null, strongestLock: null, rewrites: [], indexBuilds: [], scans: [] });
    expect(markdown(blastSection([{ id: '10_a', blast: quiet }], 'here'))).toContain('| 10_a | nothing |');
  });

  it('sets production beside its rehearsal', () => {
    const compared = {
      ms: { rehearsed: 50, released: 100, ratio: 2 },
      walBytes: { rehearsed: 0, released: 10, ratio: null },
    };
    const text = markdown(blastSection([{ id: '10_a', blast: blast(), compared }], 'here'));
    expect(text).toContain('| tier | took | times | WAL |');
    expect(text).toContain('| 10_a | 100 ms | × 2.00 | 10 B |');
  });

  it('is left out where nothing was measured', () => {
    expect(blastSection([{ id: '10_a' }], 'here')).toEqual([]);
  });
});

describe('the locks in a report', () => {
  const held = (change: Partial<LockHeld>): LockHeld => ({
    relation: 'public.orders',
    mode: 'AccessExclusiveLock',
    heldMs: 90,
    blocks: 'reads and writes',
    ...change,
  });

  it('were held from the beginning of their statement for as long as was measured', () => {
    const text = markdown(locksSection({ '10_a': [measure([held({})])] }, 'here'));
    expect(text).toContain('| `public.orders` | 10_a | AccessExclusive | reads and writes | 10 ms | 90 ms |');
  });

  it('on what the tier made itself are listed and not drawn', () => {
    const [section] = locksSection({ '10_a': [measure([held({ isNew: true })])] }, 'here');
    expect(section?.blocks.some((block) => block.kind === 'figure')).toBe(false);
    expect(markdown(section === undefined ? [] : [section])).toContain('| nothing: the tier made it |');
  });

  it('are drawn where they keep somebody from reading or writing', () => {
    const [section] = locksSection(
      {
        '10_a': [
          measure([held({}), held({ relation: 'b', mode: 'RowExclusiveLock', blocks: 'schema changes' })]),
        ],
      },
      'here',
    );
    const figure = section?.blocks.find((block) => block.kind === 'figure');
    expect(figure?.drawing.body).toContain('public.orders');
    expect(figure?.drawing.body).not.toContain('>b</text>');
  });
});
