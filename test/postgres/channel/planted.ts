import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { freshDatabase, urlOf, withClient } from '../../support/database';

const PASSWORD = 'of the tests only';
const FIXTURE = join(__dirname, '..', '..', 'fixtures', 'read-channel', 'planted.sql');

/** Makes a role of the cluster once; test files make theirs one after the other. */
export async function makeRole(name: string, attributes = 'login'): Promise<void> {
  await withClient(urlOf('postgres'), async (client) => {
    await client.query('select pg_advisory_lock(7)');
    await client.query(
      `do $$ begin create role ${name} ${attributes} password '${PASSWORD}'; exception when duplicate_object then null; end $$`,
    );
  });
}

/** Where such a role connects. */
export function endpointFor(database: string, user: string): Endpoint {
  const url = new URL(urlOf(database));
  return { host: url.hostname, port: Number(url.port), database, user, password: PASSWORD };
}

/** A fresh database with all that is planted in it, and its reader. */
export async function plantedDatabase(): Promise<Endpoint> {
  await makeRole('channel_reader');
  await makeRole('channel_planter', 'nologin');
  const database = await freshDatabase('planted');
  const sql = readFileSync(FIXTURE, 'utf8')
    .replaceAll('PLANTER', 'channel_planter')
    .replaceAll('READER', 'channel_reader');
  await withClient(urlOf(database), (client) => client.query(sql));
  return endpointFor(database, 'channel_reader');
}

/** A fresh database with this in it, which the reader may read. */
export async function readableDatabase(sql: string): Promise<Endpoint> {
  await makeRole('channel_reader');
  const database = await freshDatabase('readable');
  await withClient(urlOf(database), (client) =>
    client.query(`${sql}; grant select on all tables in schema public to channel_reader`),
  );
  return endpointFor(database, 'channel_reader');
}
