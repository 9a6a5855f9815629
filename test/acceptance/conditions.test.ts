import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { parseDocument } from 'yaml';
import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { actByCommand } from './support/command-line';
import { approve, superuser } from './support/greenfield';
import { SHOP_1 } from './support/shop';
import { packageOf } from './support/packages';
import {
  approveByPeople,
  atGate,
  rehearse,
  releaseOutcome,
  startRelease,
  statusOf,
  waitFor,
} from './support/workflows';
import type { Started } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(300_000);

const BOSSES = ['boss-a', 'boss-b', 'boss-c'];
const POLICY = {
  freezes: [{ from: '2026-01-01', to: '2999-12-31', reason: 'the year ends' }],
  live: { idleInTransaction: '1s' },
  override: { bosses: { need: 3, of: BOSSES } },
};

describe('a release in a freeze, to a database with a transaction that somebody forgot', () => {
  let world: World;
  let forgotten: pg.Client;

  beforeAll(async () => {
    world = await startWorld(0.01);
    const { targets } = world.addresses;
    const document = parseDocument(readFileSync(targets, 'utf8'));
    for (const [key, value] of Object.entries(POLICY)) document.setIn(['production', 'policy', key], value);
    writeFileSync(targets, String(document));
    await world.kill('worker');
    await world.revive(); // a worker reads the file when it starts
    await approve(world.state);
    forgotten = new pg.Client({ connectionString: superuserUrl(world.state, 'directus') });
    await forgotten.connect();
  });
  afterAll(async () => {
    await forgotten.end();
    await world.end();
  });

  it('claims nothing in the freeze, applies nothing behind the transaction, goes on by an override and when the transaction has ended, and says so', async () => {
    const folder = await packageOf(SHOP_1);
    expect((await rehearse(world, folder)).error).toBeUndefined();
    await forgotten.query('begin');
    await forgotten.query('select 1');
    const release = await startRelease(world, folder);
    await atGate(release);
    await waitFor('a second of idleness', async () => {
      const idle = `select 1 from pg_stat_activity where state = 'idle in transaction' and state_change < now() - interval '1.5 s'`;
      return (await superuser(world.state, idle))[0];
    });
    await approveByPeople(release);

    const held = await heldBy(release, 'frozen');
    expect(held.waitingFor[0]).toContain('production: frozen until 3000-01-01T00:00:00.000Z: the year ends');
    expect(await superuser(world.state, 'select id from one_roof.release')).toEqual([]);
    const { handle, package: pkg } = release;
    const words = ['approve', handle.workflowId, '--gate', 'override.calendar', '--digest', pkg.digest];
    for (const boss of BOSSES)
      expect([boss, await actByCommand(world, ...words, '--as', boss, '--reason', 'it cannot wait')]).toEqual(
        [boss, true],
      );
    const idle = await heldBy(release, 'is idle in a transaction');
    expect(idle.waitingFor[0]).toMatch(
      /^process \d+ \(\w+, .*\) is idle in a transaction for \d+ s, at most 1s$/,
    );
    expect(await superuser(world.state, 'select tier from one_roof.ledger')).toEqual([]);

    await forgotten.query('commit');
    const outcome = await releaseOutcome(release);
    expect(outcome).toMatchObject({ outcome: 'released' });
    const overridden = (outcome.held ?? []).flatMap((each) =>
      each.overridden.map(({ kind, by }) => [each.tier, kind, by]),
    );
    expect(overridden).toEqual([
      ['10_items', 'calendar', BOSSES],
      ['20_prices', 'calendar', BOSSES],
    ]);
  });
});

/** Held by conditions, the first of which says this. */
function heldBy(release: Started, words: string) {
  return waitFor(words, async () => {
    const status = await statusOf(release);
    return status.stage.startsWith('conditions of') && status.waitingFor[0]?.includes(words) === true
      ? status
      : undefined;
  });
}
