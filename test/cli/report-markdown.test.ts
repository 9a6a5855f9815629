import { reportMarkdown } from '../../src/evidence/report-markdown';
import { DIGEST, rehearsalOutcome, releaseOutcome } from './outcomes';

describe('the report of a release', () => {
  const report = reportMarkdown(releaseOutcome());

  it('begins with the verdict', () => {
    const [title, , verdict] = report.split('\n');
    expect(title).toBe('# Release of one-roof-governance 2026-06-03: released');
    expect(verdict).toBe('**released**: 1 of 1 tiers applied to production; 0 mutations before the gate.');
  });

  it('says of each approval what its name is worth', () => {
    expect(report).toContain('| dba-a | approved | claimed: a name that a client gave |');
  });

  it('lists approvals that became void, and why', () => {
    const at = '2026-06-03T10:01:00.000Z';
    const voided = [
      { at, why: ['the schema of the target has changed'], approvals: [{ gate: 'rollout', who: 'dba-a' }] },
    ];
    expect(reportMarkdown(releaseOutcome({ voided }))).toContain(
      '| 2026-06-03 10:01:00Z | rollout | dba-a | the schema of the target has changed |',
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
    const text = reportMarkdown(releaseOutcome({ held }));
    expect(text).toContain(
      '| 10_a | 2026-06-03 10:01:00Z | until 2026-06-03 10:02:00Z | production: no window is open |',
    );
    expect(text).toContain('**overridden (calendar) by boss-a, boss-b**');
  });

  it('lists the acts that were refused, too', () => {
    expect(report).toContain('| approve | lead-a |  | refused | own request |');
  });

  it('names the bytes, the drift and the time of each gate reading', () => {
    expect(report).toContain(DIGEST);
    expect(report).toContain('directus, registered as production; PostgreSQL 15.18, system 7443');
    expect(report).toContain('| gap | 210 | 0 | expected: 0 | as declared |');
    expect(report).toContain('| rollout | open | 1 | > 0 | 2026-06-03T10:00:00.000Z |');
  });

  it('has no table that a pipe or a newline in a note could break', () => {
    expect(report).toContain('a \\| b');
  });

  it('of one that went wrong says why, what to do, and what the rollback gave back', () => {
    const wrong = reportMarkdown(
      releaseOutcome({
        outcome: 'rolled back',
        rolledBack: true,
        rollback: { verdict: 'different', differences: ['table public.a: gone'], more: 2 },
        error: {
          code: 'STATEMENT_FAILED',
          message: 'prod/50.sql:4:1 statement 2\n  insert',
          hint: 'Correct it.',
        },
      }),
    );
    expect(wrong).toContain('rolled back, the schema afterwards: different');
    expect(wrong).toContain(
      '## Why\n\n`STATEMENT_FAILED`\n\n```\nprod/50.sql:4:1 statement 2\n  insert\n```',
    );
    expect(wrong).toContain('**What to do:** Correct it.');
    expect(wrong).toContain('- table public.a: gone\n- … and 2 more');
  });
});

describe('the report of a rehearsal', () => {
  const report = reportMarkdown(rehearsalOutcome());

  it('begins with the verdict', () => {
    expect(report.split('\n')[2]).toBe(
      '**rehearsed**: 1 of 1 tiers rolled back to the identical fingerprint; 0 mutations of production.',
    );
  });

  it('proves each rollback, and the second application', () => {
    expect(report).toContain('| 10_structure | identical |');
    expect(report).toContain('Applied a second time, compared with the first: **identical**.');
  });

  it('tells what moved in the source meanwhile', () => {
    expect(report).toContain('| gap | 210 | 210 | the same |');
    expect(report).toContain('| issues | 5 | 9 | moved meanwhile |');
  });

  it('says how to go on', () => {
    expect(report).toContain('one-roof release FOLDER --target production --requester WHO --scope full');
  });

  it('names the clones that were left', () => {
    const left = reportMarkdown(rehearsalOutcome({ clonesLeft: ['directus_rehearsal_1'] }));
    expect(left).toContain('- Clones left: directus_rehearsal_1.');
  });
});
