import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import { portFor, rememberedPort } from './ports';
import { findDaemon, logEnd, logOf, logSince, startDaemon, stopDaemon } from './process';
import type { Daemon, DaemonState } from './process';
import { giveTo, invocationAs } from './server-user';
import { secret } from './state';
import type { StateDirectory } from './state';
import { serverEnvironment } from './server-environment';
import type { Environment } from './server-environment';
import { systemCode, wordsOf } from './system-error';
import { waitUnless } from './wait';
import { readTextIfThere } from './whole-file';

const run = promisify(execFile);

/** Crash recovery after a `kill -9` replays at most what max_wal_size allows. */
const READY_LIMIT_MS = 120_000;
/** How long the backends of a killed server may take to notice it and leave the shared memory. */
const ORPHANS_LIMIT_MS = 20_000;
const SUPERUSER = 'postgres';
const PARTIAL = 'data.partial-';

/** Where the private cluster is, for clients on this machine. */
export interface ClusterAddress {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly socket: string;
  readonly superuser: string;
}

/** What is needed to run the cluster: its state, the folder of PostgreSQL's programs, and the caller's environment. */
export interface ClusterOptions {
  readonly state: StateDirectory;
  readonly bin: string;
  readonly environment: Environment;
  /** A cluster whose data nobody wants after a crash is spared the waiting for the disk. */
  readonly lifetime?: 'throwaway';
}

/** Starts the private cluster, made on the first time; a killed one is started again and recovers by itself. */
export async function startCluster(options: ClusterOptions): Promise<ClusterAddress> {
  const { state } = options;
  if (clusterState(state).state !== 'running') {
    await makeCluster(options);
    const port = await portFor(state, 'postgres');
    await startAndRecover(options, port);
  }
  return addressOf(state, rememberedPort(state, 'postgres') ?? 0);
}

/** Does it run? */
export function clusterState(state: StateDirectory): DaemonState {
  return findDaemon(state, handle(state));
}

/** Fast shutdown: sessions are ended, transactions rolled back, everything is written. */
export async function stopCluster(state: StateDirectory): Promise<'stopped' | 'was not running'> {
  return await stopDaemon(state, handle(state), [
    { signal: 'SIGINT', limitMs: 30_000 },
    { signal: 'SIGQUIT', limitMs: 10_000 },
  ]);
}

/** The superuser's URL for one database; it holds the password, so it belongs in no argument and no log. */
export function superuserUrl(state: StateDirectory, database: string): string {
  const port = rememberedPort(state, 'postgres') ?? 0;
  return `postgresql://${SUPERUSER}:${secret(state, 'postgres')}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** The folder of the cluster's data. */
export function dataOf(state: StateDirectory): string {
  return join(state.postgres, 'data');
}

function handle(state: StateDirectory): Pick<Daemon, 'name' | 'command' | 'mark'> {
  return { name: 'postgres', command: 'postgres', mark: dataOf(state) };
}

function addressOf(state: StateDirectory, port: number): ClusterAddress {
  return { host: '127.0.0.1', port, socket: state.socket, superuser: SUPERUSER };
}

/** initdb in a folder beside, renamed when it is whole: an interrupted one is done again. */
async function makeCluster(options: ClusterOptions): Promise<void> {
  const { state } = options;
  for (const name of readdirSync(state.postgres)) {
    if (name.startsWith(PARTIAL)) rmSync(join(state.postgres, name), { recursive: true, force: true });
  }
  if (existsSync(dataOf(state))) await verifyMajor(options);
  else await initialize(options);
}

async function initialize({ state, bin, environment, lifetime }: ClusterOptions): Promise<void> {
  const partial = join(state.postgres, `${PARTIAL}${randomBytes(4).toString('hex')}`);
  const passwordFile = `${partial}-password`;
  writeFileSync(passwordFile, secret(state, 'postgres'), { mode: 0o600 });
  giveTo(state.serverUser, passwordFile);
  const locale = process.platform === 'darwin' ? '--no-locale' : '--locale=C.UTF-8';
  const args = ['-D', partial, '-U', SUPERUSER, '-A', 'scram-sha-256', '--pwfile', passwordFile];
  try {
    const how = invocationAs(state.serverUser, join(bin, 'initdb'), [
      ...args,
      '-E',
      'UTF8',
      locale,
      ...(lifetime === 'throwaway' ? ['--no-sync'] : ['--data-checksums']),
    ]);
    await run(how.command, how.args, { cwd: state.postgres, env: serverEnvironment(environment), ...how.as });
    renameSync(partial, dataOf(state));
  } catch (cause) {
    throw new ReleaseError('TOOL_FAILED', `initdb failed: ${wordsOf(cause)}`, {
      cause,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function verifyMajor({ state, bin }: ClusterOptions): Promise<void> {
  const made = readTextIfThere(join(dataOf(state), 'PG_VERSION'))?.trim() ?? '?';
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  const major = /(\d+)/.exec(stdout)?.[1] ?? '?';
  if (made === major) return;
  throw new ReleaseError(
    'SETUP_INCOMPLETE',
    `${dataOf(state)} is of PostgreSQL ${made}; the programs are of ${major}`,
    {
      hint: `Set ONE_ROOF_PG_BIN to the programs of ${made} and run \`npm run setup\`, or remove ${state.root} to start anew.`,
    },
  );
}

async function startAndRecover(options: ClusterOptions, port: number): Promise<void> {
  const { state } = options;
  const hasEnded = (): boolean => clusterState(state).state !== 'running';
  const giveUp = Date.now() + ORPHANS_LIMIT_MS;
  for (;;) {
    const start = logEnd(state, 'postgres');
    startDaemon(state, clusterDaemon(options, port));
    if (await waitUnless(hasEnded, () => answersToUs(state), READY_LIMIT_MS)) return;
    const said = logSince(state, 'postgres', start);
    const orphansLeft = /pre-existing shared memory|lock file ".*" already exists/.test(said);
    if (!orphansLeft || Date.now() > giveUp) throw notReady(state, said);
  }
}

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

function clusterDaemon({ state, bin, environment, lifetime }: ClusterOptions, port: number): Daemon {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${state.socket}`,
    'max_connections=100',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'maintenance_work_mem=256MB',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] %q%u@%d %a ',
    'logging_collector=off',
    'cluster_name=one-roof',
    ...(lifetime === 'throwaway' ? NOT_DURABLE : []),
  ];
  return {
    ...handle(state),
    command: join(bin, 'postgres'),
    args: ['-D', dataOf(state), ...settings.flatMap((setting) => ['-c', setting])],
    environment: serverEnvironment(environment),
    user: state.serverUser,
    edition: '',
  };
}

async function answersToUs(state: StateDirectory): Promise<boolean> {
  const client = new Client({
    connectionString: superuserUrl(state, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // the query below fails and says it
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (cause) {
    if (systemCode(cause) === '28P01') {
      const file = join(state.secrets, 'postgres');
      throw new ReleaseError('AUTH_FAILED', `the private cluster refuses the password in ${file}`, { cause });
    }
    return false; // not listening yet, or still recovering
  } finally {
    await client.end().catch(() => undefined); // it never connected
  }
}

function notReady(state: StateDirectory, said: string): ReleaseError {
  const tail = said.trim().split('\n').slice(-8).join('\n');
  return new ReleaseError('TOOL_FAILED', `the private PostgreSQL cluster does not start:\n${tail}`, {
    hint: `Its log is ${logOf(state, 'postgres')}; \`one-roof doctor\` looks at what it needs.`,
  });
}
