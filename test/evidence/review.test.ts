import { risksOf } from '../../src/core/rules/review';
import type { Review } from '../../src/core/rules/review';
import type { StatementMeasure } from '../../src/core/schema/attempt';
import { markdownOf } from '../../src/evidence/document-markdown';
import { pageOf } from '../../src/evidence/page';
import { reviewOf } from '../../src/evidence/review';
import { rehearsalOutcome, waitingStatus } from '../cli/outcomes';
import { plan } from '../core/sample';
import { plannedTier } from '../support/prepared';

const NOW = Date.parse('2026-06-03T12:00:00.000Z');
const APPROVING = {
  rehearsal: 'e'.repeat(64),
  schema: 'd'.repeat(64),
  assurance: 'ssh',
  requester: 'lead-a',
  entry: { gap: 211 },
  until: '2026-06-10T12:00:00.000Z',
  mayControl: null,
} as const;

function measure(change: Partial<StatementMeasure>): StatementMeasure {
  return {
    number: 1,
    line: 3,
    text: 'alter table t …',
    ms: 10,
    rows: null,
    locks: [],
    rewrites: [],
    walBytes: 0,
    ...change,
  };
}

function reviewed(change: Partial<Review> = {}, measures: readonly StatementMeasure[] = []): Review {
  const [tier] = rehearsalOutcome().tiers;
  if (tier === undefined) throw new Error('the sample has a tier');
  const outcome = rehearsalOutcome({ tiers: [{ ...tier, id: '10_a' }] });
  return {
    status: waitingStatus({ approving: { ...APPROVING } }),
    plan: plan({ tiers: [plannedTier('10_a')] }),
    rehearsal: { outcome, measures: { '10_a': measures } },
    unread: null,
    now: NOW,
    ...change,
  };
}

const ADDRESS = { ui: 'http://ui.example/workflows/7', key: 'a-key-of-this-act' };

describe('a review', () => {
  it('finds nothing to look at where nothing is', () => {
    expect(risksOf(reviewed())).toEqual([]);
  });

  it.each([
    ['what is not rehearsed', reviewed({ rehearsal: null }), 'It was not rehearsed'],
    ['an old rehearsal', reviewed({ now: NOW + 3 * 86_400_000 }), 'The rehearsal is 3 days old.'],
    [
      'a schema that is not the one that was rehearsed',
      reviewed({ schemaThen: 'f'.repeat(64) }),
      'The schema of the target has changed since the rehearsal.',
    ],
    [
      'names that are only claimed',
      reviewed({ status: waitingStatus({ approving: { ...APPROVING, assurance: 'claimed' } }) }),
      'only claimed',
    ],
    [
      'a tier that cannot be rolled back',
      reviewed({
        plan: plan({ tiers: [{ ...plannedTier('10_a'), rollback: null, irreversible: 'drops' }] }),
      }),
      '10_a cannot be rolled back: drops',
    ],
    [
      'a table that is rewritten',
      reviewed({}, [measure({ rewrites: ['public.t'] })]),
      '10_a rewrites public.t.',
    ],
    [
      'a table that nobody can read for long',
      reviewed({}, [
        measure({ locks: [{ relation: 'public.t', mode: 'AccessExclusiveLock' }], ms: 400 }),
        measure({ ms: 800 }),
      ]),
      '10_a keeps everybody away from public.t for 1200 ms of 1200 ms.',
    ],
  ])('names %s', (_, review, risk) => {
    expect(risksOf(review)).toEqual([expect.stringContaining(risk)]);
  });

  it('shows what is asked, what was measured, what has moved, and how to answer', () => {
    const text = markdownOf(reviewOf(reviewed({}, [measure({ ms: 12 })]), ADDRESS));
    expect(text).toContain('| requested by | lead-a |');
    expect(text).toContain('| 3 | alter table t … | 12 ms |');
    expect(text).toContain('| gap | 210 | 211 |');
    expect(text).toContain('--sign KEY');
    expect(text).toContain('http://ui.example/workflows/7');
  });

  it.each([
    ['d'.repeat(64), 'the schema is the same'],
    ['f'.repeat(64), '**the schema has changed**'],
    [null, 'whether the schema has changed is not known here'],
  ])('says how old the rehearsal is and what has moved since, with the schema %s', (schemaThen, words) => {
    const text = markdownOf(reviewOf(reviewed({ schemaThen, now: NOW + 3 * 86_400_000 }), ADDRESS));
    expect(text).toContain(
      `Rehearsed 3 d 1 h ago, 2026-06-03 10:03:47Z. Since then: 1 metric moved; ${words}.`,
    );
  });

  it('sets the notes of a linter beside what was measured', () => {
    const locks = [{ relation: 'public.t', mode: 'ShareLock', heldMs: 12 }];
    const note = {
      tier: '10_a',
      file: '10_a.sql',
      line: 3,
      rule: 'require-concurrent-index-creation',
      message: 'blocks',
    };
    const review = reviewed({ notes: { notes: [note] } }, [measure({ locks, indexBuilds: [] })]);
    expect(markdownOf(reviewOf(review, ADDRESS))).toContain(
      '| **measured otherwise** | `public.t` for 12 ms: Share blocks writes; it built no index',
    );
  });

  it('prints a payload to paste where no signature is asked for', () => {
    const review = reviewed({ status: waitingStatus({ approving: { ...APPROVING, assurance: 'claimed' } }) });
    expect(markdownOf(reviewOf(review, ADDRESS))).toContain('"key": "a-key-of-this-act"');
  });

  it('is one page in which nothing of the package is more than text', () => {
    const evil = '<img src=x onerror=alert(1)> `</code><script>` **</strong>**';
    const page = pageOf(reviewOf(reviewed({}, [measure({ text: evil })]), ADDRESS));
    expect(page).not.toMatch(/<(img|script)/);
    expect(page).toContain('&lt;img src=x');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(src|href)="(?!#|http:\/\/ui\.example)/);
  });
});
