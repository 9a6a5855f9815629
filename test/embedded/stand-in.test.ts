import { readFileSync, statSync } from 'node:fs';
import { Client } from 'pg';
import type { QueryResult } from 'pg';
import { parse } from 'yaml';
import { Targets } from '../../src/core/schema/target';
import { down, up } from '../../src/embedded/embedded';
import type { EmbeddedAddresses, UpOptions } from '../../src/embedded/embedded';
import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { filesOf } from '../../src/embedded/stand-in-files';
import { waitUntil } from '../../src/embedded/wait';
import { withClient } from '../support/database';
import { bareOptions, temporaryCheckout } from './state-places';

jest.setTimeout(120_000);

/** What the PostgreSQL adapter's SQL does, as far as the stand-in's own files depend on it. */
const PREPARE: NonNullable<UpOptions['standIn']>['prepare'] = {
  production: (registration) => `
    create role one_roof_reader; create role one_roof_cloner; create role one_roof_executor;
    create schema one_roof; create table one_roof.target (nonce text);
    insert into one_roof.target values ('${registration}')`,
  cloneHost: 'select 1',
};

describe('the stand-in', () => {
  const { state, remove } = temporaryCheckout();
  const standIn = { scale: 0.001, existing: 'keep', prepare: PREPARE, organicWriter: 'runs' } as const;
  const options = { ...bareOptions(state), standIn };
  let addresses: EmbeddedAddresses;

  beforeAll(async () => {
    await withLeftOvers();
    addresses = await up(options);
  });

  afterAll(async () => {
    await down(options);
    remove();
  });

  it('is the whole database, of a load that was not interrupted', async () => {
    const answer = await superuser('directus', 'select count(*)::int as n from v_object_owner_gap');
    expect(answer).toEqual([{ n: 210 }]);
    expect(await superuser('postgres', `select datname from pg_database where datname ~ 'loading'`)).toEqual(
      [],
    );
  });

  it('is described by targets that the schema takes, registered with the nonce that the database has', async () => {
    const targets = Targets.parse(parse(readFileSync(addresses.targets, 'utf8')));
    const [row] = await superuser('directus', 'select nonce from one_roof.target');
    expect(targets['production']?.registration).toBe(row?.['nonce']);
    expect(targets['production']?.policy?.gates.map((gate) => gate.id)).toEqual([
      'rollout',
      'structure-only',
    ]);
    expect(targets['clone-host']?.roles.restorer).toBe('one_roof_restorer');
  });

  it('lets each role in by the password files, and those files are ours alone', async () => {
    const { pgpass, applicationsPgpass } = filesOf(state);
    const lines = [pgpass, applicationsPgpass].flatMap((file) =>
      readFileSync(file, 'utf8').trim().split('\n'),
    );
    const names = await Promise.all(lines.map(whoComesIn));
    expect(names).toEqual([
      'one_roof_reader',
      'one_roof_cloner',
      'one_roof_executor',
      'one_roof_restorer',
      'directus_app',
      'approvals_app',
    ]);
    expect(statSync(pgpass).mode & 0o777).toBe(0o600);
  });

  it('is written to by its application all the time', async () => {
    const before = await issues();
    expect(await waitUntil(async () => (await issues()) > before, 20_000)).toBe(true);
  });

  it('is kept by a second up', async () => {
    await superuser('directus', 'create table witness ()');
    await up(options);
    expect(await superuser('directus', `select to_regclass('witness')::text as name`)).toEqual([
      { name: 'witness' },
    ]);
  });

  it('is greenfield again when it is replaced', async () => {
    await up({ ...options, standIn: { ...standIn, existing: 'replace', prepare: again } });
    expect(await superuser('directus', `select to_regclass('witness')::text as name`)).toEqual([
      { name: null },
    ]);
  });

  const again = {
    ...PREPARE,
    production: (registration: string) =>
      PREPARE.production(registration).replaceAll(/create role \w+;/g, ''),
  };

  /** As if a load had been killed. */
  async function withLeftOvers(): Promise<void> {
    await up(bareOptions(state));
    await superuser('postgres', 'create database one_roof_loading_0badf00d');
  }

  async function issues(): Promise<number> {
    return Number((await superuser('directus', 'select count(*) as n from system_issues'))[0]?.['n']);
  }

  async function superuser(database: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const query = (client: Client): Promise<QueryResult<Record<string, unknown>>> => client.query(sql);
    return (await withClient(superuserUrl(state, database), query)).rows;
  }

  async function whoComesIn(line: string): Promise<string> {
    const [host = '', port = '', , user = '', password = ''] = line.split(':');
    const client = new Client({ host, port: Number(port), user, password, database: 'directus' });
    await client.connect();
    try {
      return (await client.query<{ name: string }>('select current_user as name')).rows[0]?.name ?? '';
    } finally {
      await client.end();
    }
  }
});
