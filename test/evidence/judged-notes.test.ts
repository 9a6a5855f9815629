import type { NotesRead } from '../../src/core/rules/judge-risk-note';
import type { StatementMeasure } from '../../src/core/schema/attempt';
import { markdownOf } from '../../src/evidence/document-markdown';
import { judgedNotes } from '../../src/evidence/judged-notes';
import { pageOf } from '../../src/evidence/page';
import { reportOf } from '../../src/evidence/report';
import { rehearsalOutcome, releaseOutcome } from '../cli/outcomes';

const NOTE = {
  tier: '10_structure',
  file: 'prod/10.sql',
  line: 4,
  rule: 'changing-column-type',
  message: 'the table is rewritten',
};
const MEASURE: StatementMeasure = {
  number: 1,
  line: 3,
  text: 'alter table orders alter column note type text',
  ms: 4,
  rows: null,
  locks: [{ relation: 'public.orders', mode: 'AccessExclusiveLock', heldMs: 12, blocks: 'reads and writes' }],
  rewrites: [],
  walBytes: 9,
  indexBuilds: [],
  scans: [],
};
const MEASURED = { measures: { '10_structure': [MEASURE] }, tiers: ['10_structure'], where: 'on a clone' };
const DONE =
  '| **measured otherwise** | `public.orders` for 12 ms: AccessExclusive blocks reads and writes; it wrote no table anew |';

function markdown(read: NotesRead): string {
  return markdownOf({
    title: 'T',
    lead: '',
    sections: [{ title: 'S', blocks: judgedNotes(read, MEASURED) }],
  });
}

describe('the notes of a linter, for people', () => {
  it('stand beside the measurement, which counts where they disagree', () => {
    const text = markdown({ notes: [NOTE] });
    expect(text).toContain('| 10_structure, prod/10.sql:4 | `changing-column-type`: the table is rewritten');
    expect(text).toContain(DONE);
  });

  it('say of what the tier itself made that nobody else knew it', () => {
    const made = { ...MEASURE, locks: MEASURE.locks.map((lock) => ({ ...lock, isNew: true })) };
    const measures = { '10_structure': [made] };
    const blocks = judgedNotes({ notes: [NOTE] }, { ...MEASURED, measures });
    expect(markdownOf({ title: 'T', lead: '', sections: [{ title: 'S', blocks }] })).toContain(
      'the tier’s own, nobody else knew it: `public.orders`; it kept nobody from reading; it wrote no table anew |',
    );
  });

  it('on applications and on style stand apart, with what the statement did', () => {
    const text = markdown({ notes: [{ ...NOTE, rule: 'ban-drop-column' }] });
    expect(text).toContain('no measurement tells whether they are right');
    expect(text).toContain('| `public.orders` for 12 ms: AccessExclusive blocks reads and writes |');
    expect(text).not.toContain('it wrote no table anew');
  });

  it('are said to be none, or why there are none', () => {
    expect(markdown({ notes: [] })).toContain('notes nothing');
    expect(markdown({ unread: 'squawk, the linter, does not run on this machine' })).toContain(
      'There are no notes: squawk, the linter, does not run on this machine.',
    );
  });

  it('say how many are left out', () => {
    expect(markdown({ notes: Array.from({ length: 42 }, () => NOTE) })).toContain('… and 12 more');
  });

  it('are no more than text', () => {
    const blocks = judgedNotes({ notes: [{ ...NOTE, file: '<img src=x>', message: '**<b>**' }] }, MEASURED);
    const page = pageOf({ title: 'T', lead: '', sections: [{ title: 'S', blocks }] });
    expect(page).not.toMatch(/<img|<b>/);
  });
});

describe('a report', () => {
  const facts = { rehearsal: null, unread: null, meanings: {}, notes: { notes: [NOTE] } };

  it('of a release sets the notes beside production', () => {
    const text = markdownOf(
      reportOf({ ...facts, outcome: releaseOutcome(), measures: { '10_structure': [MEASURE] } }),
    );
    expect(text).toContain('measured in production');
    expect(text).toContain(DONE);
  });

  it('of a release that was not measured sets them beside its rehearsal', () => {
    const rehearsal = { outcome: rehearsalOutcome(), measures: { '10_structure': [MEASURE] } };
    const text = markdownOf(reportOf({ ...facts, outcome: releaseOutcome(), measures: {}, rehearsal }));
    expect(text).toContain('measured in its rehearsal, on a clone: production was not measured');
    expect(text).toContain(DONE);
  });

  it('of a rehearsal sets them beside the clone', () => {
    const [tier] = rehearsalOutcome().tiers;
    const tiers = tier === undefined ? [] : [{ ...tier, id: '10_structure' }];
    const outcome = rehearsalOutcome({ tiers });
    expect(markdownOf(reportOf({ ...facts, outcome, measures: { '10_structure': [MEASURE] } }))).toContain(
      DONE,
    );
  });
});
