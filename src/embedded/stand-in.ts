import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import { superuserUrl } from './postgres-cluster';
import type { ClusterAddress } from './postgres-cluster';
import { scramVerifier } from './scram';
import { serverEnvironment } from './server-environment';
import type { Environment } from './server-environment';
import { APPLICATION_ROLES, WORKER_ROLES, writeStandInFiles } from './stand-in-files';
import type { StandInFiles } from './stand-in-files';
import { secret } from './state';
import type { StateDirectory } from './state';
import { wordsOf } from './system-error';
import { writeWholeFile } from './whole-file';

const run = promisify(execFile);

/** Numbered files are loaded, in the order of their names; the others beside them are scenes of the demo. */
const LOAD_FILE = /^\d\d_.*\.sql$/;
/** What grants to One-Roof's roles comes after the SQL that creates them. */
const AFTER_PREPARE = '95';
const LOADING = 'one_roof_loading_';

/** The SQL that makes databases targets: `prepareSql` of the PostgreSQL adapter, handed in by the composition root. */
export interface PreparationSql {
  readonly production: (registration: string) => string;
  readonly cloneHost: string;
}

/** What is needed to make the stand-in production. */
export interface StandInOptions {
  readonly state: StateDirectory;
  readonly cluster: ClusterAddress;
  readonly bin: string;
  readonly environment: Environment;
  /** The folder of the SQL: `sql/directus`. */
  readonly folder: string;
  readonly database: string;
  /** 1: 204,556 issues and 820,183 labels. */
  readonly scale: number;
  /** replace: a greenfield stand-in again, whatever became of the last one. */
  readonly existing: 'keep' | 'replace';
  readonly prepare: PreparationSql;
}

/**
 * Makes the stand-in under another name and renames it when it is whole, so that an interrupted load is done again; then
 * gives the roles their passwords and writes what the worker needs. Roles and files are brought up to date each time.
 */
export async function createStandIn(
  options: StandInOptions,
): Promise<StandInFiles & { outcome: 'made' | 'kept' }> {
  const outcome = await makeDatabase(options);
  await inDatabase(options, 'postgres', [options.prepare.cloneHost, ...loginsSql(options.state)]);
  const registration = await registrationOf(options);
  const files = writeStandInFiles(options.state, { ...options, registration });
  return { ...files, outcome };
}

async function makeDatabase(options: StandInOptions): Promise<'made' | 'kept'> {
  const there = await databasesLike(options);
  for (const name of there.filter((each) => each.startsWith(LOADING))) await drop(options, name);
  if (there.includes(options.database)) {
    if (options.existing === 'keep') return 'kept';
    await drop(options, options.database);
  }
  const loading = `${LOADING}${randomBytes(6).toString('hex')}`;
  await inDatabase(options, 'postgres', [
    `do $$ begin create role directus_dba nologin; exception when duplicate_object then null; end $$`,
    `create database ${loading} owner directus_dba template template0`,
  ]);
  await load(options, loading);
  await inDatabase(options, 'postgres', [`alter database ${loading} rename to ${quoted(options.database)}`]);
  return 'made';
}

async function load(options: StandInOptions, database: string): Promise<void> {
  const names = readdirSync(options.folder)
    .filter((name) => LOAD_FILE.test(name))
    .sort();
  const isAfter = (name: string): boolean => name.slice(0, 2) >= AFTER_PREPARE;
  const files = (pick: (name: string) => boolean): readonly string[] =>
    names.filter(pick).map((name) => join(options.folder, name));
  await psql(
    options,
    database,
    files((name) => !isAfter(name)),
  );
  await inDatabase(options, database, [options.prepare.production(randomBytes(16).toString('hex'))]);
  await psql(options, database, files(isAfter));
}

/** Passwords reach the server as verifiers only; the statements stay out of its log all the same. */
function loginsSql(state: StateDirectory): readonly string[] {
  const login = (role: string): string =>
    `alter role ${quoted(role)} login password '${scramVerifier(secret(state, role))}'`;
  return [
    `set log_statement = 'none'`,
    `do $$ begin create role one_roof_restorer superuser; exception when duplicate_object then null; end $$`,
    ...[...WORKER_ROLES, ...APPLICATION_ROLES].map(login),
  ];
}

/** The nonce that the database itself has: a kept stand-in keeps it. */
async function registrationOf(options: StandInOptions): Promise<string> {
  const rows = await inDatabase(options, options.database, ['select nonce from one_roof.target']);
  const nonce = rows[0]?.['nonce'];
  if (typeof nonce === 'string') return nonce;
  throw new ReleaseError('NOT_PREPARED', `database ${options.database} is not registered`, {
    hint: 'Make the stand-in anew: `one-roof down`, remove the state directory, `one-roof up --stand-in`.',
  });
}

async function databasesLike(options: StandInOptions): Promise<readonly string[]> {
  const rows = await inDatabase(options, 'postgres', ['select datname from pg_catalog.pg_database']);
  return rows.map((row) => String(row['datname']));
}

/** Only in the private cluster, which holds nothing but what we made there. */
async function drop(options: StandInOptions, database: string): Promise<void> {
  await inDatabase(options, 'postgres', [`drop database if exists ${quoted(database)} with (force)`]);
}

/** Runs statements one by one as superuser; the rows of the last are returned. */
async function inDatabase(
  { state }: StandInOptions,
  database: string,
  statements: readonly string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({
    connectionString: superuserUrl(state, database),
    application_name: 'one-roof stand-in',
  });
  await client.connect();
  try {
    let rows: readonly Readonly<Record<string, unknown>>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

async function psql(options: StandInOptions, database: string, files: readonly string[]): Promise<void> {
  const { state, cluster, bin } = options;
  const pgpass = join(state.secrets, 'superuser.pgpass');
  writeWholeFile(
    pgpass,
    `${cluster.host}:${cluster.port}:*:${cluster.superuser}:${secret(state, cluster.superuser)}\n`,
  );
  const at = ['-h', cluster.host, '-p', String(cluster.port), '-U', cluster.superuser, '-d', database];
  const how = ['-X', '-q', '-w', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-v', `scale=${options.scale}`];
  const env = {
    ...serverEnvironment(options.environment),
    PGPASSFILE: pgpass,
    PGOPTIONS: '-c client_min_messages=warning',
  };
  try {
    await run(join(bin, 'psql'), [...at, ...how, ...files.flatMap((file) => ['-f', file])], { env });
  } catch (cause) {
    throw new ReleaseError('TOOL_FAILED', `psql could not load the stand-in:\n${wordsOf(cause)}`, { cause });
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
