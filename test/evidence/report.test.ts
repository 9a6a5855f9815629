import type { ReleaseOutcome, RehearsalOutcome } from '../../src/core/schema/outcome';
import { markdownOf } from '../../src/evidence/document-markdown';
import { reportOf } from '../../src/evidence/report';
import type { ReportFacts } from '../../src/evidence/report/facts';
import { DIGEST, rehearsalOutcome, releaseOutcome } from '../cli/outcomes';

function markdown(outcome: ReleaseOutcome | RehearsalOutcome, facts: Partial<ReportFacts> = {}): string {
  return markdownOf(
    reportOf({ outcome, measures: {}, rehearsal: null, unread: null, meanings: {}, ...facts }),
  );
}

describe('the report of a release', () => {
  const report = markdown(releaseOutcome());

  it('begins with the verdict', () => {
    const [title, , verdict] = report.split('\n');
    expect(title).toBe('# Release of one-roof-governance 2026-06-03: released');
    expect(verdict).toBe('**Released: 1 of 1 tiers applied to production**');
    expect(report).toContain('- mutations of production before the gate: 0');
  });

  it('says of each approval what its name is worth', () => {
    expect(report).toContain('| dba-a | rollout | approved | claimed: a name that a client gave |');
    expect(report).toContain('- approved by: dba-a (names only claimed)');
    expect(report).toContain('**A claimed name proves nothing**');
  });

  it('does not warn of names that a key or the server vouches for', () => {
    const approvals = releaseOutcome().approvals.map((each) => ({ ...each, assurance: 'ssh' as const }));
    const signed = markdown(releaseOutcome({ approvals }));
    expect(signed).toContain('- approved by: dba-a\n');
    expect(signed).not.toContain('proves nothing');
  });

  it('lists approvals that became void, and why', () => {
    const at = '2026-06-03T10:01:00.000Z';
    const voided = [
      { at, why: ['the schema of the target has changed'], approvals: [{ gate: 'rollout', who: 'dba-a' }] },
    ];
    expect(markdown(releaseOutcome({ voided }))).toContain(
      '| dba-a | rollout | 2026-06-03 10:01:00Z | the schema of the target has changed |',
    );
    expect(report).not.toContain('became void');
  });

  it('lists what held it beside its gates, and names who has overridden it', () => {
    const at = '2026-06-03T10:01:00.000Z';
    const why = ['production: no window is open'];
    const overridden = [{ kind: 'calendar' as const, by: ['boss-a', 'boss-b'] }];
    const held = [
      { tier: '10_a', why, from: at, until: '2026-06-03T10:02:00.000Z', overridden: [] },
      { tier: '20_b', why, from: at, until: at, overridden },
    ];
    const text = markdown(releaseOutcome({ held }));
    expect(text).toContain(
      '| 10_a | 2026-06-03 10:01:00Z | until 2026-06-03 10:02:00Z | production: no window is open |',
    );
    expect(text).toContain('**overridden (calendar) by boss-a, boss-b**');
  });

  it('lists the acts that were refused, too', () => {
    expect(report).toContain('| approve | lead-a | **refused** | own request |');
  });

  it('names the bytes, the drift with what is counted, and the time of each gate reading', () => {
    const text = markdown(releaseOutcome(), { meanings: { gap: 'pairs that nobody answers for' } });
    expect(text).toContain(DIGEST);
    expect(text).toContain('directus, registered as production; PostgreSQL 15.18, system 7443');
    expect(text).toContain('| gap | pairs that nobody answers for | 210 | 0 | expected: 0 | as declared |');
    expect(text).toContain('| rollout | open | 1 | > 0 | 2026-06-03T10:00:00.000Z |');
  });

  it('has no table that a pipe or a newline in a note could break', () => {
    expect(report).toContain('a \\| b');
  });

  it('of one that went wrong says why, what to do, and what the rollback gave back', () => {
    const wrong = markdown(
      releaseOutcome({
        outcome: 'rolled back',
        rolledBack: true,
        tiers: [{ id: '10_structure', outcome: 'rolled back', ms: 67, attempts: 1, metrics: {} }],
        rollback: { verdict: 'different', differences: ['table public.a: gone'], more: 2 },
        error: {
          code: 'STATEMENT_FAILED',
          message: 'prod/50.sql:4:1 statement 2\n  insert',
          hint: 'Correct it.',
        },
      }),
    );
    expect(wrong).toContain('**Rolled back: the schema of production is different**');
    expect(wrong).toContain('Why: prod/50.sql:4:1 statement 2');
    expect(wrong).toContain(
      '## Why\n\n`STATEMENT_FAILED`\n\n~~~text\nprod/50.sql:4:1 statement 2\n  insert\n~~~',
    );
    expect(wrong).toContain('**What to do:** Correct it.');
    expect(wrong).toContain('- table public.a: gone\n- … and 2 more');
  });

  it('says that the database is as it was only where that was compared', () => {
    const back = { outcome: 'rolled back', rolledBack: true } as const;
    const identical = { verdict: 'identical' as const, differences: [], more: 0 };
    expect(markdown(releaseOutcome({ ...back, tiers: [], rollback: identical }))).toContain(
      '**Rolled back: production is as it was before**',
    );
    expect(markdown(releaseOutcome({ ...back, tiers: [], rollback: null }))).toContain(
      '**Rolled back: the schema of production is not compared with that before**',
    );
  });

  it('shows the times and the proof of its rehearsal', () => {
    const rehearsal = { outcome: rehearsalOutcome(), measures: {} };
    const text = markdown(releaseOutcome(), { rehearsal });
    expect(text).toContain('| 10_structure | applied | 67 ms | 35 ms | 1 |');
    expect(text).toContain('Proven before the release, in `rehearsal-one-roof-governance-73891g`.');
    expect(text).toContain('| 10_structure | identical |');
    expect(text).toContain('- rollback, in rehearsal: 1 of 1 identical');
  });

  it('sets what was found against what the rehearsal had predicted', () => {
    const delta = {
      predicted: 12,
      explained: 11,
      unexplained: ['index public.stray: new'],
      more: 0,
      sourceChangedSince: ['view public.v: changed'],
      rehearsedAt: '2026-06-02T10:00:00.000Z',
      metricsMovedSince: ['issues: 5 → 9'],
    };
    const text = markdown(releaseOutcome({ delta, unread: ['public.big'] }));
    expect(text).toContain(
      'changed 12 objects of the schema; 11 of them are here as it predicted. Unexplained: **1**.',
    );
    expect(text).toContain('- index public.stray: new');
    expect(text).toContain('- view public.v: changed');
    expect(text).toContain('- issues: 5 → 9');
    expect(text).toContain('Rows that could not be read in time: public.big.');
    expect(text).toContain('- schema changes not predicted: 1');
    expect(report).not.toContain('Expected and found');
  });

  it('explains what a rollback did not restore', () => {
    const objects = [{ kind: 'column', name: 'public.t.c', before: 'text', after: null }];
    const rows = [
      { table: 'public.t', before: 9, after: 8, missing: 1, added: 0, changed: null, exact: false },
    ];
    const rollback = { verdict: 'different' as const, differences: [], more: 0, objects, rows };
    const text = markdown(releaseOutcome({ outcome: 'rolled back', rolledBack: true, rollback }));
    expect(text).toContain('| column public.t.c | `text` | not there |');
    expect(text).toContain('| public.t | 9 | 8 | at least 1 | 0 | its columns differ |');
  });

  it('says why the rehearsal is not shown, where the store has it not', () => {
    const text = markdown(releaseOutcome(), { unread: 'its evidence is not in the store' });
    expect(text).toContain('The times of its rehearsal are not shown: its evidence is not in the store.');
    expect(text).toContain('which cannot be shown here: its evidence is not in the store.');
    expect(markdown(releaseOutcome({ rehearsal: null }))).toContain('nothing has proven its rollback');
  });
});

describe('the report of a rehearsal', () => {
  const report = markdown(rehearsalOutcome());

  it('begins with the verdict', () => {
    expect(report.split('\n')[2]).toBe(
      '**Rehearsed: 1 of 1 tiers rolled back to the identical fingerprint**',
    );
    expect(report).toContain('- mutations of production: 0');
  });

  it('proves each rollback, and the second application', () => {
    expect(report).toContain('| 10_structure | identical |');
    expect(report).toContain('Applied a second time, compared with the first: **identical**.');
  });

  it('shows which tier has moved what, and what none has moved', () => {
    const [tier] = rehearsalOutcome().tiers;
    if (tier === undefined) throw new Error('the sample has a tier');
    const tiers = [tier, { ...tier, id: '20_seed', metrics: { gap: 180, issues: 5 } }];
    const text = markdown(rehearsalOutcome({ tiers }));
    expect(text).toContain('| metric | before | after |');
    expect(text).toContain('| gap | 210 | 20_seed: 180 |');
    expect(text).toContain('Unchanged after every tier: issues 5.');
  });

  it('tells what moved in the source meanwhile', () => {
    expect(report).toContain('| gap | 210 | 210 | the same |');
    expect(report).toContain('| issues | 5 | 9 | moved meanwhile |');
  });

  it('says how to go on', () => {
    expect(report).toContain('one-roof release FOLDER --target production --requester WHO --scope full');
  });

  it('names the clones that were left', () => {
    const left = markdown(rehearsalOutcome({ clonesLeft: ['directus_rehearsal_1'] }));
    expect(left).toContain('- Clones left: directus_rehearsal_1.');
  });

  it('lists the locks of each tier and what they keep others from', () => {
    const statement = {
      number: 1,
      line: 3,
      text: 'alter table t',
      ms: 40,
      rows: null,
      rewrites: [],
      walBytes: 9,
    };
    const locks = [{ relation: 'public.t', mode: 'AccessExclusiveLock' }];
    const text = markdown(rehearsalOutcome(), { measures: { '10_structure': [{ ...statement, locks }] } });
    expect(text).toContain(
      '| `public.t` | 10_structure | AccessExclusive | reads and writes | 0 ms | 40 ms |',
    );
    expect(text).toContain('| 1 | 3 | `alter table t` | 40 ms | 9 |');
  });
});
