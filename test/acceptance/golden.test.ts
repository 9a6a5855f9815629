import { appendFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GoldenOutcome } from '../../src/core/schema/golden';
import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { withClient } from '../support/database';
import { oneRoof } from './support/command-line';
import { greenfield, superuser } from './support/greenfield';
import { statementAtWork } from './support/sessions';
import { REFERENCE } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(240_000);

const GOLDEN = 'directus_gov_test_20260602';
const FRESH = new RegExp(`^${GOLDEN}_reset_`);

/** What a superuser does to it by hand. */
const SPOIL = `
update governance_object_ownership set owner = 'nobody' where object = 'content' and scope = 'legal';
delete from entity_labels where ctid = (select min(ctid) from entity_labels);
alter table directus_users add column nickname text`;

describe('a golden', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld(0.01);
    await greenfield(world.state, 'closed');
    const words = [
      'rehearse',
      REFERENCE,
      '--source',
      'production',
      '--on',
      'clone-host',
      '--keep-as',
      GOLDEN,
    ];
    expect((await oneRoof(world, ...words)).exit).toBe(0);
  });

  afterAll(async () => {
    await world.end();
  });

  it('is made of a kept clone, with a snapshot by its digest, and is as recorded', async () => {
    const taken = await act('snapshot');
    expect(taken).toMatchObject({ exit: 0, outcome: 'snapshot taken' });
    expect(taken.record).toMatchObject({
      source: 'production',
      package: { name: 'one-roof-governance' },
      scope: 'full',
      baseline: { v_object_owner_gap: 0 },
      figures: { own: 30, resp_gap: 0 },
    });
    expect(taken.record?.evidence).toMatch(/^[0-9a-f]{64}$/);
    expect(await act('verify')).toMatchObject({ exit: 0, outcome: 'as recorded', metrics: [], problems: [] });
    const modes = await modesBelow(join(world.addresses.store, 'dumps'));
    expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
    expect(modes.length).toBeGreaterThan(50);
  });

  it('is not for a rehearsal to take, nor for `clones drop`', async () => {
    const dropped = await oneRoof(world, 'clones', 'drop', GOLDEN, '--yes');
    expect(dropped).toMatchObject({ exit: 4, document: { error: { code: 'GOLDEN_PROTECTED' } } });
    const words = [
      'rehearse',
      REFERENCE,
      '--source',
      'production',
      '--on',
      'clone-host',
      '--keep-as',
      GOLDEN,
    ];
    const rehearsed = await oneRoof(world, ...words);
    expect(rehearsed.document).toMatchObject({ outcome: 'failed', error: { code: 'CLONE_NAME_TAKEN' } });
    expect(await databases()).toEqual([GOLDEN]);
    expect(await act('verify')).toMatchObject({ outcome: 'as recorded' });
  });

  it('that was spoiled by hand is told of to the object, the table and the metric, and is no new truth', async () => {
    await superuser(world.state, SPOIL, GOLDEN);
    const { exit, outcome, comparison, metrics } = await act('verify');
    expect({ exit, outcome }).toEqual({ exit: 1, outcome: 'differs' });
    expect([...(comparison?.differences ?? [])].sort()).toEqual([
      'column public.directus_users.nickname: new after',
      'rows of public.directus_users: other columns (8 rows each)',
      'rows of public.entity_labels: 8202 → 8201',
      'rows of public.governance_object_ownership differ (30 rows each), 1 missing, 1 new',
    ]);
    expect(metrics).toEqual([{ metric: 'entity_labels', recorded: 8202, found: 8201 }]);
    expect(await act('snapshot')).toMatchObject({ exit: 1, error: { code: 'GOLDEN_DIFFERS' } });
  });

  it('is not reset under somebody who is in it, but by force', async () => {
    await withClient(superuserUrl(world.state, GOLDEN), async (client) => {
      await client.query(`set application_name = 'a look'`);
      const refused = await act('reset');
      expect(refused).toMatchObject({ exit: 4, outcome: 'failed', error: { code: 'GOLDEN_IN_USE' } });
      expect(refused.error?.message).toContain('postgres (a look)');
    });
    expect(await databases()).toEqual([GOLDEN]);
  });

  it('is reset though the worker is killed in the midst of it, and is as recorded again', async () => {
    const reset = act('reset', '--force');
    await statementAtWork(world, { application: /^one-roof clone$/, database: FRESH });
    await world.kill('worker');
    await world.revive();
    expect(await reset).toMatchObject({ exit: 0, outcome: 'reset', databasesLeft: [] });
    expect(await act('verify')).toMatchObject({ exit: 0, outcome: 'as recorded' });
    expect(await databases()).toEqual([GOLDEN]);
  });

  it('is not reset from a snapshot in which one byte was changed, but may get another snapshot', async () => {
    const place = join(world.addresses.store, 'dumps');
    const [folder = ''] = await readdir(place);
    const [file = ''] = (await readdir(join(place, folder, 'dump'))).filter((name) => /^\d+\.dat/.test(name));
    await appendFile(join(place, folder, 'dump', file), '\n');
    expect(await act('reset')).toMatchObject({ exit: 4, error: { code: 'SNAPSHOT_CHANGED' } });
    const { outcome, problems } = await act('verify');
    expect(outcome).toBe('differs');
    expect(problems).toEqual([`snapshot: dump/${file} was changed`]);
    expect(await act('snapshot')).toMatchObject({ outcome: 'snapshot taken' });
    expect(await act('verify')).toMatchObject({ outcome: 'as recorded' });
    expect(await readdir(place)).toHaveLength(1);
  });

  it('that is retired leaves its row and nothing else', async () => {
    expect(await act('retire')).toMatchObject({ exit: 0, outcome: 'retired' });
    expect(await databases()).toEqual([]);
    expect(await readdir(join(world.addresses.store, 'dumps'))).toEqual([]);
    expect(await act('verify')).toMatchObject({ exit: 2, error: { code: 'GOLDEN_UNKNOWN' } });
    const { document } = await oneRoof(world, 'golden', 'list');
    expect(document).toMatchObject({ goldens: [{ name: GOLDEN }] });
    expect(document).not.toMatchObject({ goldens: [{ retiredAt: null }] });
  });

  async function act(what: string, ...options: string[]) {
    const agreed = ['reset', 'retire'].includes(what) ? ['--yes'] : [];
    const { exit, document } = await oneRoof(world, 'golden', what, GOLDEN, ...options, ...agreed);
    return { exit, ...GoldenOutcome.parse(document) };
  }

  /** Beside production, the templates of these tests and the server's own. */
  async function databases(): Promise<readonly unknown[]> {
    const sql = `select datname from pg_database where datname !~ '^(postgres|template\\d|directus|acceptance_.*)$'`;
    return (await superuser(world.state, sql, 'postgres')).map((row) => row['datname']);
  }
});

async function modesBelow(folder: string): Promise<readonly number[]> {
  const entries = await readdir(folder, { recursive: true });
  return Promise.all(entries.map(async (entry) => (await stat(join(folder, entry))).mode));
}
