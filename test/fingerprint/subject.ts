import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fingerprint } from '../../src/core/schema/fingerprint';
import { readToolchain } from '../../src/embedded/toolchain';
import { restoreDump } from '../../src/postgres/clone/restore';
import type { Endpoint } from '../../src/postgres/endpoint';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import type { FingerprintOptions } from '../../src/postgres/fingerprint/take';
import { freshDatabase, urlOf, withClient } from '../support/database';

const run = promisify(execFile);

/** Roles belong to the cluster: made once, whoever comes first. */
const ROLES = `do $$ begin
  perform pg_advisory_xact_lock(5150);
  if to_regrole('fp_owner') is null then
    create role fp_owner; create role fp_reader; create role fp_other; create role fp_super superuser;
  end if;
end $$`;

/** A database with an object of every kind (`subject.sql`), to be copied by each test. */
export async function subjectDatabase(): Promise<string> {
  const name = await freshDatabase('subject');
  await execute(name, ROLES);
  await execute(name, await readFile(join(__dirname, 'subject.sql'), 'utf8'));
  return name;
}

/** Runs SQL in a database, as the superuser; several statements at once are one transaction. */
export async function execute(database: string, sql: string | readonly string[]): Promise<void> {
  await withClient(urlOf(database), async (client) => {
    for (const statement of typeof sql === 'string' ? [sql] : sql) await client.query(statement);
  });
}

export async function fingerprintOf(
  database: string,
  options: FingerprintOptions = { contents: 'all' },
): Promise<Fingerprint> {
  return withClient(urlOf(database), (client) => takeFingerprint(client, options));
}

/** Dumps a database in directory format and restores it into a new one, as a clone is made. */
export async function dumpAndRestore(database: string): Promise<string> {
  const copy = await freshDatabase('copy');
  const folder = await mkdtemp(join(tmpdir(), 'one-roof-dump-'));
  try {
    const dump = join(folder, 'dump');
    await run(program('pg_dump'), ['-Fd', '-j2', '-N', 'one_roof', '-f', dump, '-d', urlOf(database)]);
    await restoreDump({
      endpoint: superuserOf(copy),
      dump,
      pgRestore: program('pg_restore'),
      environment: process.env,
      jobs: 2,
      onProgress: () => undefined,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return copy;
}

function superuserOf(database: string): Endpoint {
  const { hostname, port, username, password } = new URL(urlOf(database));
  return { host: hostname, port: Number(port), database, user: username, password };
}

/** Runs a dump of plain SQL, as the samples are, by psql. */
export async function runScript(database: string, path: string): Promise<void> {
  await run(program('psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', path, '-d', urlOf(database)], {
    maxBuffer: 64 << 20,
  });
}

/** A program of the PostgreSQL that the test cluster runs on. */
function program(name: string): string {
  return join(readToolchain(join(__dirname, '..', '..')).postgres.bin, name);
}
