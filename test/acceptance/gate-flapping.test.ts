import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { logEnd, logSince } from '../../src/embedded/process';
import { approve, superuser } from './support/greenfield';
import { packageOf } from './support/packages';
import {
  approveByPeople,
  atGate,
  rehearse,
  releaseOutcome,
  sendAct,
  startRelease,
  statusOf,
} from './support/workflows';
import type { Started } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(300_000);

const FLAP_MS = 50;
const TIERS = ['10_a', '20_b', '30_c', '40_d', '50_e', '60_f'];

/** The witness: a trigger keeps the gate's history, and each reading of it is written to the server's own log. */
const WITNESS = `
create schema witness;
create table witness.switch (open boolean not null);
create table witness.history (at timestamptz not null default clock_timestamp(), open boolean not null);
create function witness.remember() returns trigger language plpgsql as
  $$ begin insert into witness.history (open) values (new.open); return new; end $$;
create trigger remember after insert or update on witness.switch for each row execute function witness.remember();
insert into witness.switch values (false);
create function witness.gate() returns integer language plpgsql volatile security definer set search_path = witness as
  $$ declare seen boolean; begin
    select open into seen from switch;
    raise log 'the gate of % was seen % by [%]', current_database(), seen, current_setting('application_name');
    return seen::int;
  end $$;
grant usage on schema witness to public;
grant select on all tables in schema witness to public;
`;

const SAW = /the gate of directus was seen ([tf]) by \[one-roof claim (\d+\.\d+) (\w+)\]/g;

function files(): Readonly<Record<string, string>> {
  const tiers = TIERS.map((id) => `  - { id: ${id}, apply: ${id}.sql, rollback: rollback.sql }`).join('\n');
  const gate = `gates:\n  - { id: flapping, before: 10_a, hard: { sql: select witness.gate(), opens: '> 0' } }\n`;
  const descriptor = `name: flapping\nversion: "1"\ndatabase: { name: directus }\ntiers:\n${tiers}\n${gate}`;
  const sql = TIERS.map(
    (id) => [`${id}.sql`, `create table flap_${id} (n int);\nselect pg_sleep(0.2);\n`] as const,
  );
  const rollback = TIERS.map((id) => `-- one-roof: rollback ${id}\ndrop table flap_${id};\n`).join('');
  return { 'release.yaml': descriptor, 'rollback.sql': rollback, ...Object.fromEntries(sql) };
}

describe('a gate that flaps while a release runs', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(0.01);
    await superuser(world.state, WITNESS);
    const { targets } = world.addresses;
    const document = parseDocument(readFileSync(targets, 'utf8'));
    document.setIn(['production', 'readChannel'], { functions: ['witness.gate'] });
    writeFileSync(targets, String(document));
    await world.kill('worker');
    await world.revive(); // a worker reads the file when it starts
    await approve(world.state);
  });
  afterAll(() => world.end());

  it('lets no tier through whose own transaction has seen it closed', async () => {
    const folder = await packageOf(files());
    expect((await rehearse(world, folder)).error).toBeUndefined();
    const start = logEnd(world.state, 'postgres');
    const release = await startRelease(world, folder);
    await atGate(release);
    await approveByPeople(release);
    await flap(release, () => refusedSince(world, start) > 0);
    expect(await releaseOutcome(release)).toMatchObject({ outcome: 'released' });

    const attempts = readingsByAttempt(logSince(world.state, 'postgres', start));
    const applied = await superuser(
      world.state,
      `select claim || '.' || ordinal as attempt, tier from one_roof.ledger
       where release = '${release.handle.workflowId}' and direction = 'apply' and finished_at is not null order by tier`,
    );
    expect(applied.map(({ tier }) => tier)).toEqual(TIERS);
    for (const { attempt } of applied) expect(attempts.get(String(attempt))).toEqual(['t', 't']);
    expect(refusedSince(world, start)).toBeGreaterThan(0);
    const [{ flips } = { flips: 0 }] = await superuser(
      world.state,
      'select count(*)::int as flips from witness.history',
    );
    expect(flips).toBeGreaterThan(20);
  });

  /** Every 50 ms until an attempt has seen it closed, or the release is through; then it stays open. A person whom it asks says: again. */
  async function flap(release: Started, isEnough: () => boolean): Promise<void> {
    for (let open = true; !isEnough(); open = !open) {
      await superuser(world.state, `update witness.switch set open = ${open}`);
      await new Promise((resolve) => setTimeout(resolve, FLAP_MS)); // the gate stays so for this long
      if ((await release.handle.describe()).status.name !== 'RUNNING') return;
      const { stage } = await statusOf(release);
      if (stage === 'hold') await sendAct(release, 'decide', { as: 'lead-b', choice: 'retry' });
    }
    await superuser(world.state, 'update witness.switch set open = true');
    while ((await statusOf(release)).stage === 'hold')
      await sendAct(release, 'decide', { as: 'lead-b', choice: 'retry' });
  }
});

/** Attempts that have seen it closed in their own transaction. */
function refusedSince(world: World, start: number): number {
  const attempts = readingsByAttempt(logSince(world.state, 'postgres', start));
  return [...attempts.values()].filter((seen) => seen.includes('f')).length;
}

/** What each attempt has read of the gate, in its own transaction, by the server's log. */
function readingsByAttempt(log: string): ReadonlyMap<string, readonly string[]> {
  const seen = new Map<string, string[]>();
  for (const [, open = '', attempt = ''] of log.matchAll(SAW))
    seen.set(attempt, [...(seen.get(attempt) ?? []), open]);
  return seen;
}
