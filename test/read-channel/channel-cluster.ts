import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../src/postgres/endpoint';
import { startTestCluster } from '../support/cluster';
import type { TestCluster } from '../support/cluster';
import { withClient } from '../support/database';
import { startNewerPostgres } from '../support/newer-postgres';
import { FIXTURES } from './corpus';

/** A cluster of its own with the fixtures' databases and role: attacks are really sent to it. */
export interface ChannelCluster {
  /** The everyday one, with what fixture.sql has hidden in it. */
  readonly plain: ChannelDatabase;
  /** A copy with more traps, which stand in the way of everyday reads too. */
  readonly trapped: ChannelDatabase;
  stop(): Promise<void>;
}

export interface ChannelDatabase {
  /** Of the superuser, who looks on. */
  readonly url: string;
  readonly reader: Endpoint;
}

export type Major = 'the machine’s PostgreSQL' | 'PostgreSQL 18';
export const MAJORS: readonly Major[] = ['the machine’s PostgreSQL', 'PostgreSQL 18'];

/** Nothing may move by itself: no vacuum, no checkpoint, and no notes in the log of which transactions run. */
const STILL = [
  'autovacuum=off',
  'checkpoint_timeout=1d',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_prepared_transactions=5',
  'track_functions=all',
];

export async function startChannelCluster(major: Major): Promise<ChannelCluster> {
  const cluster = await (major === 'PostgreSQL 18' ? startNewerPostgres(STILL) : startTestCluster(STILL));
  try {
    return await prepare(cluster);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function prepare(cluster: TestCluster): Promise<ChannelCluster> {
  const { url } = cluster;
  const password = randomBytes(16).toString('hex');
  const plain = databaseOf(url, 'chan', password);
  const trapped = databaseOf(url, 'trapped', password);
  await withClient(url, (client) => client.query('create database chan template template0'));
  await apply(plain, ['fixture.sql', 'further-fixture.sql']);
  await withClient(url, (client) => client.query('create database trapped template chan'));
  await apply(trapped, ['traps.sql']);
  await withClient(url, (client) => client.query(`alter role ro_channel password '${password}'`));
  for (const { url: each } of [plain, trapped]) await settle(each);
  return { plain, trapped, stop: () => cluster.stop() };
}

function databaseOf(url: string, database: string, password: string): ChannelDatabase {
  const at = new URL(url);
  at.pathname = `/${database}`;
  const { hostname: host, port } = at;
  return { url: at.toString(), reader: { host, port: Number(port), database, user: 'ro_channel', password } };
}

async function apply({ url, reader }: ChannelDatabase, files: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const file of files) {
      const sql = readFileSync(join(FIXTURES, file), 'utf8');
      await client.query(sql.replaceAll(':"DBNAME"', reader.database));
    }
  });
}

/** No row has anything left to be noted about it, so that reads write nothing to the log. */
async function settle(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('vacuum (freeze, analyze, index_cleanup on)');
    await client.query('vacuum (freeze, index_cleanup on)'); // what analyzing has left
    await client.query('checkpoint');
  });
}
