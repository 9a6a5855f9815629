import { randomBytes } from 'node:crypto';
import type { GoldenRecord } from '../../src/core/schema/golden';
import { createMarked } from '../../src/postgres/clone/create';
import type { MadeDatabase } from '../../src/postgres/clone/registry';
import type { DatabaseShape } from '../../src/postgres/clone/shape';
import type { Endpoint } from '../../src/postgres/endpoint';
import { enterGolden } from '../../src/postgres/golden/registry';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { execute } from '../fingerprint/subject';
import { urlOf, withClient } from '../support/database';
import { GOLDEN } from '../workflows/well';

export const SHAPE: DatabaseShape = {
  encoding: 'UTF8',
  collate: 'C.UTF-8',
  ctype: 'C.UTF-8',
  icu: null,
  owner: 'postgres',
  settings: [],
  grants: null,
  bytes: 0,
};

/** The test cluster as a clone host: its maintenance database, as the superuser. */
export function atHost<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const settings = { application: 'one-roof clones', lockTimeoutMs: 5_000, statementTimeoutMs: 0 } as const;
  return withSession(superuserOf('postgres'), settings, work);
}

export function superuserOf(database: string): Endpoint {
  const { hostname, port, username, password } = new URL(urlOf(database));
  return { host: hostname, port: Number(port), database, user: username, password };
}

/** A database to be made; its name and nonce are its own. */
export function unmade(prefix: string, owner = 'rehearsal-shop-1'): MadeDatabase {
  const nonce = randomBytes(16).toString('hex');
  return { nonce, owner, name: `${prefix}_${nonce.slice(0, 8)}` };
}

/** Makes a database that says of itself what it is. */
export async function make(session: Session, made: MadeDatabase, says: string): Promise<MadeDatabase> {
  await createMarked(session, made, SHAPE);
  await execute(made.name, ['create table note (says text not null)', `insert into note values ('${says}')`]);
  return made;
}

/** A golden of the test cluster. */
export async function makeGolden(says = 'golden', record: GoldenRecord = GOLDEN): Promise<MadeDatabase> {
  return atHost(async (session) => {
    const made = await make(session, unmade('golden'), says);
    await enterGolden(session, { ...made, record, owner: `golden-tests-${made.name}` });
    return made;
  });
}

/** What a database says of itself; undefined where it is gone. */
export async function saidBy(name: string): Promise<string | undefined> {
  if (!(await exists(name))) return undefined;
  const rows = await withClient(
    urlOf(name),
    async (client) => (await client.query<{ says: string }>('table note')).rows,
  );
  return rows[0]?.says;
}

export async function exists(name: string): Promise<boolean> {
  return (await databasesLike(name)).length === 1;
}

/** Names of databases by a pattern of `like`. */
export async function databasesLike(pattern: string): Promise<readonly string[]> {
  const sql = 'select datname from pg_database where datname like $1 order by 1';
  return withClient(urlOf('postgres'), async (client) =>
    (await client.query<{ datname: string }>(sql, [pattern])).rows.map(({ datname }) => datname),
  );
}
