import { EXIT_MEANINGS } from '../../src/cli/exit-codes';
import { COMMANDS } from '../../src/cli/registry';
import { markdownOf } from '../../src/evidence/document-markdown';
import { pageOf } from '../../src/evidence/page';
import { releaseRunbook } from '../../src/evidence/runbook/release';
import { rollbackRunbook } from '../../src/evidence/runbook/rollback';
import type { RunbookFacts } from '../../src/evidence/runbook/facts';
import { Policy } from '../../src/core/schema/target';
import { IRREVERSIBLE, breakGlass, rehearsed, runbookFacts } from './runbook-facts';

const DAY_MS = 86_400_000;
const TIME = /\b\d+(\.\d+)? ?(ms|s|min)\b/;

function release(change: Partial<RunbookFacts> = {}): string {
  return markdownOf(releaseRunbook(runbookFacts(change)));
}

function rollback(change: Partial<RunbookFacts> = {}): string {
  return markdownOf(rollbackRunbook(runbookFacts(change)));
}

describe('a release runbook', () => {
  it('says which bytes, how old the rehearsal is, and until when it counts', () => {
    const text = release();
    expect(text).toContain(`| digest | ${'a'.repeat(64)} |`);
    expect(text).toContain('ended 2026-06-03 10:03:47Z, 60 min 0 s before this was made');
    expect(text).toContain('a release takes it until 2026-06-10 10:03:47Z');
    expect(text).toContain('It is before 2026-06-10 10:03:47Z: until then the rehearsal counts.');
  });

  it('has the times that were measured, each tier, and all of them', () => {
    const text = release();
    expect(text).toContain('| 10_a | 10_a.sql | 35 ms |');
    expect(text).toContain('| 20_b | 20_b.sql | 1.2 s |');
    expect(text).toContain('| audit | every byte against the manifest | 87 ms |');
    expect(text).toContain('In rehearsal its tiers took 1.2 s together.');
  });

  it('is no-go with an old rehearsal', () => {
    expect(release({ now: Date.parse('2026-06-03T10:03:47Z') + 8 * DAY_MS })).toContain(
      '**No-go as it stands**: the rehearsal counted until 2026-06-10 10:03:47Z.',
    );
  });

  it('without a rehearsal says so, and has no time and no lock', () => {
    const text = release({ rehearsal: null, unread: 'the store has none' });
    expect(text).toContain('**Nothing was rehearsed**: the store has none.');
    expect(text).toContain('**No-go as it stands**: there is no rehearsal.');
    expect(text).toContain('no: nothing has proven it');
    expect(text).not.toContain('in rehearsal |');
    expect(text.replaceAll('waits for one lock | 2s', '').match(TIME)).toBeNull();
    expect(text).not.toMatch(/nobody else can/);
  });

  it('has no time for a tier that was in effect already', () => {
    const there = rehearsed({ outcome: 'already applied', rollback: null });
    const text = release({ rehearsal: there });
    expect(text).toContain('| 20_b | 20_b.sql | in effect already |');
    expect(text).not.toContain('together');
    expect(text).toContain('not in this rehearsal: it was in effect in the source already');
  });

  it('tells whom each tier keeps away, and for how long', () => {
    const measure = { number: 1, line: 1, text: '', rows: null, rewrites: ['public.t'], walBytes: 0 };
    const locks = (mode: string) => [{ relation: `public.${mode.toLowerCase()}`, mode }];
    const text = release({
      rehearsal: rehearsed({}, [
        { ...measure, ms: 400, locks: locks('AccessExclusiveLock') },
        { ...measure, ms: 800, locks: [...locks('ShareLock'), ...locks('RowExclusiveLock')] },
      ]),
    });
    expect(text).toContain('| nobody else can use | public.accessexclusivelock for 1.2 s |');
    expect(text).toContain('| nobody else can write | public.sharelock for 800 ms |');
    expect(text).toContain('| on 1 more: they hold up changes of the schema alone |');
    expect(text).toContain('| rewrites | public.t |');
  });

  it('names whom to call, or that nobody is named', () => {
    expect(release({ contacts: { 'on call': '+49 30 1 | ext 2' } })).toContain(
      '| on call | +49 30 1 \\| ext 2 |',
    );
    expect(release()).toContain('The descriptor names nobody');
  });

  it('says who may request and abort; that it is not known, where it is not', () => {
    expect(release()).toContain('It may be done by lead-a or dba-a.');
    const unknown = release({ policy: null, target: 'TARGET' });
    expect(unknown).toContain('| may request it | not known here');
    expect(unknown).toContain('TARGET: put its name wherever this word stands');
  });

  it('asks for a signature where approvals are signed', () => {
    const { policy } = runbookFacts();
    if (policy === null) throw new Error('the sample has a policy');
    expect(release({ policy: { ...policy, assurance: 'ssh' } })).toContain('--reason "WHY" --sign KEY');
  });

  it('says when it may run, what must hold at the target, and who may override that', () => {
    const windows = [
      { days: ['mon', 'tue'], from: '20:00', to: '23:30', zone: 'Europe/Berlin' },
      { cron: '0 6 * * sun', for: '2h' },
    ];
    const freezes = [{ from: '2026-12-18', to: '2027-01-06', reason: 'the year ends' }];
    const live = { replicaLag: '10s', freeConnections: 20 };
    const override = { bosses: { need: 2, of: ['boss-a', 'boss-b'] } };
    const policy = Policy.parse({ windows, freezes, live, override });
    const { plan } = runbookFacts();
    const text = release({ policy, plan: { ...plan, calendar: { notBefore: '2026-12-01T20:00Z' } } });
    expect(text).toContain(
      'It is in a window of production: mon, tue from 20:00 to 23:30 (Europe/Berlin); or `0 6 * * sun` for 2h (UTC). 2 times the rehearsed time',
    );
    expect(text).toContain('No freeze of production is on: 2026-12-18 to 2027-01-06 (UTC), the year ends.');
    expect(text).toContain('It is 2026-12-01T20:00Z or later, by the package.');
    expect(text).toContain('At production there is: no replica more than 10s behind, 20 free connections.');
    expect(text).toContain('an emergency override by 2 of boss-a, boss-b.');
    expect(text).toContain('| conditions of 20_b |');
    expect(release()).not.toMatch(/window of|freeze of|conditions of|override\./);
    expect(release({ policy: Policy.parse({ freezes }) })).toContain('The policy lets nobody override it.');
  });

  it('calls a tier that cannot be rolled back by its name, and tells why', () => {
    const { plan } = runbookFacts();
    const fixed = { plan: { ...plan, tiers: [...plan.tiers.slice(0, 1), IRREVERSIBLE] }, rehearsal: null };
    expect(release(fixed)).toContain('**20_b cannot be rolled back**: the old rows are gone.');
    expect(rollback(fixed)).toContain('**No-go as it stands**: 20_b cannot be rolled back');
    expect(rollback(fixed)).toContain('**nothing: it is irreversible**. the old rows are gone');
  });

  it('knows the exit codes as the command line has them', () => {
    for (const [code, means] of Object.entries(EXIT_MEANINGS))
      expect(release()).toContain(`| ${code} | ${means} |`);
  });
});

describe('a rollback runbook', () => {
  it('has the times of the rollbacks, and what they hold', () => {
    expect(rollback()).toContain('| roll back 20_b | rollback.sql | 412 ms |');
    expect(rollback()).toContain('| roll back 10_a | rollback.sql |  |');
    expect(rollback()).toContain('holds the comparison of the whole clone');
  });

  it('goes back, last tier first', () => {
    const lines = /^20_b rolled back\n10_a rolled back$/m;
    expect(rollback()).toMatch(lines);
    expect(rollback()).toContain('-f back.sql');
  });
});

describe('the break-glass part of a runbook', () => {
  it('pastes what a shell takes as it stands', () => {
    const text = release();
    expect(text).toContain(`-c "select count(*) from approvals where decision = 'yes'"`);
    expect(text).toContain('-v digest="$digest" -v who="$WHO" -f forward.sql');
    expect(text).toContain('~~~text\n10_a applied\n20_b applied\n~~~');
    expect(text).toContain('~~~text\ngap|210\n~~~');
  });

  it('tells the right database by its registration too, where that is known', () => {
    expect(release()).toContain('~~~text\none_roof_executor|shop|production|production|cccccccccccc\n~~~');
    expect(release({ registration: null })).toContain('one_roof_executor|shop|production|production\n~~~');
  });

  it('quotes what a shell would read', () => {
    const odd = `it's "$HOME".sql`;
    expect(release({ breakGlass: [breakGlass(odd, 'apply')] })).toContain(`-f 'it'\\''s "$HOME".sql'`);
  });

  it('promises no line that the script does not print', () => {
    const silent = { ...breakGlass('forward.sql', 'apply'), isTelling: false };
    expect(release({ breakGlass: [silent] })).toContain('It must end without `ERROR`.');
    expect(release({ breakGlass: [silent] })).not.toContain('10_a applied');
  });

  it.each([
    ['there is no file', [], 'no break-glass file that can be used'],
    [
      'its bytes are old',
      [{ ...breakGlass('f.sql', 'apply'), missing: ['20_b'] }],
      'does not name the SHA-256',
    ],
    ['it does more', [{ ...breakGlass('f.sql', 'apply'), beyond: ['30_c'] }], 'also takes 30_c'],
    ['nobody can tell', [breakGlass('f.sql', null)], 'it cannot be told whether'],
    ['two do it', [breakGlass('f.sql', 'apply'), breakGlass('g.sql', 'apply')], 'Several files do it'],
  ] as const)('gives no command where %s, and says what such a file is', (_, files, why) => {
    const text = release({ breakGlass: files });
    expect(text).toContain(why);
    expect(text).toContain('A break-glass file is SQL for psql');
    expect(text).toContain('**Do not run the files of the tiers by hand instead**');
    expect(text).not.toContain('psql -X ');
  });
});

describe('both runbooks', () => {
  const later = { id: 'second', before: '20_b', source: 'package', approvals: {} } as const;

  it.each([
    ['release', release({ gates: [...runbookFacts().gates, { ...later, approvals: {} }] })],
    ['rollback', rollback({ rehearsal: null, policy: null })],
  ])('name commands and options that there are: %s', (_, text) => {
    const lines = commandsIn(text);
    expect(lines.length).toBeGreaterThan(12);
    for (const line of lines) {
      const found = COMMANDS.filter(({ name }) => line === name || line.startsWith(`${name} `));
      expect([line, found.map(({ name }) => name)]).toEqual([line, [expect.any(String)]]);
      const known = found.flatMap(({ options }) => options.map(([flags]) => flags.split(' ')[0]));
      expect([line, known]).toEqual([line, expect.arrayContaining(line.match(/(?<= )--[a-z-]+/g) ?? [])]);
    }
  });

  it('say what a later gate leads to, where there is one', () => {
    const gates = [...runbookFacts().gates, { ...later, approvals: {} }];
    expect(release({ gates })).toContain('| gate before 20_b | second: people and hard gate, 30d at most |');
    expect(release({ gates })).toContain('**At a later gate.** The tiers before it are applied.');
    expect(release()).not.toContain('At a later gate');
  });
});

/** What stands behind `one-roof`, in code alone. */
function commandsIn(text: string): readonly string[] {
  const code = [...text.matchAll(/^~~~sh\n([^]*?)\n~~~$|`([^`\n]+)`/gm)];
  return code.flatMap(([, block, span]) =>
    [...(block ?? span ?? '').matchAll(/^one-roof (.*)$/gm)].map((match) => match[1] ?? ''),
  );
}

describe('whatever a package holds', () => {
  const evil = '<img src=x onerror=alert(1)>\n## `</code><script>` **x**';
  const facts = runbookFacts({ contacts: { [evil]: evil }, files: ['~~~.sql', '~~~~'] });

  it('is text in Markdown', () => {
    const text = markdownOf(releaseRunbook(facts));
    expect(text.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/<(?!br>)/);
    expect(text).not.toMatch(/^## `/m);
    expect(text).toMatch(/^~~~~~text\n~~~\.sql: OK\n~~~~: OK\n~~~~~$/m);
  });

  it('is text on one page that needs nothing from elsewhere', () => {
    const page = pageOf(releaseRunbook(facts));
    expect(page).not.toMatch(/<(img|script|link|iframe)/);
    expect(page).not.toMatch(/<[^>]*(src|href)="(?!#)/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<pre class="run">one-roof abort ID');
  });
});
