import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServerUser, giveTo, invocationAs } from '../../src/embedded/server-user';
import { readToolchain } from '../../src/embedded/toolchain';
import { freePort } from './cluster';
import { urlOf, withClient } from './database';

const run = promisify(execFile);

/** A hot standby of the test cluster, which streams from it. */
export interface Standby {
  readonly port: number;
  /** Waits until it has replayed all that the primary has written by now. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes one with pg_basebackup and starts it on a free loopback port. */
export async function startStandby(): Promise<Standby> {
  const { bin } = readToolchain(join(__dirname, '..', '..')).postgres;
  const directory = await mkdtemp(join(tmpdir(), 'one-roof-standby-'));
  const owner = findServerUser();
  giveTo(owner, directory);
  const data = join(directory, 'data');
  const primary = urlOf('postgres');
  const backup = invocationAs(owner, join(bin, 'pg_basebackup'), [
    ...['-d', primary, '-D', data, '-R', '-X', 'stream', '-c', 'fast'],
  ]);
  await run(backup.command, backup.args, { ...backup.as, cwd: directory });
  const port = await freePort();
  const flags = [`port=${port}`, 'fsync=off', `unix_socket_directories=${directory}`, 'max_connections=200'];
  const start = ['-D', data, '-c', 'listen_addresses=127.0.0.1', ...flags.flatMap((flag) => ['-c', flag])];
  const postgres = invocationAs(owner, join(bin, 'postgres'), start);
  const server = spawn(postgres.command, postgres.args, { ...postgres.as, cwd: directory, stdio: 'ignore' });
  const url = new URL(primary);
  url.port = String(port);
  const standby = {
    port,
    catchUp: () => catchUp(primary, url.toString()),
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
  await standby.catchUp();
  return standby;
}

async function catchUp(primary: string, standby: string): Promise<void> {
  const written = await withClient(primary, (client) =>
    client.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn'),
  );
  const ask = 'select pg_last_wal_replay_lsn() >= $1 as yes';
  const replayed = (): Promise<boolean> =>
    withClient(standby, async (client) => {
      const { rows } = await client.query<{ yes: boolean }>(ask, [written.rows[0]?.lsn]);
      return rows[0]?.yes === true;
    }).catch(() => false); // it does not listen yet
  while (!(await replayed())) await new Promise(setImmediate);
}
