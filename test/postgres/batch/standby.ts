import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServerUser, invocationAs } from '../../../src/embedded/server-user';
import { readToolchain } from '../../../src/embedded/toolchain';
import { freePort } from '../../support/cluster';
import type { TestCluster } from '../../support/cluster';

const run = promisify(execFile);
const CHECKOUT = join(__dirname, '..', '..', '..');

/** Starts a standby of a cluster that replays everything this much later. @returns how it is stopped */
export async function startStandby(primary: TestCluster, delay: string): Promise<() => Promise<void>> {
  const { bin } = readToolchain(CHECKOUT).postgres;
  const owner = findServerUser();
  const data = join(primary.directory, 'standby');
  const backup = ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '-d', primary.url];
  const copying = invocationAs(owner, join(bin, 'pg_basebackup'), backup);
  await run(copying.command, copying.args, { ...copying.as, cwd: primary.directory });
  const flags = [
    `port=${await freePort()}`,
    `unix_socket_directories=${data}`,
    `recovery_min_apply_delay=${delay}`,
    'wal_receiver_status_interval=1s',
    'cluster_name=late_one',
    'max_connections=200', // a standby with fewer than its primary does not start
  ];
  const start = ['-D', data, ...flags.flatMap((flag) => ['-c', flag])];
  const postgres = invocationAs(owner, join(bin, 'postgres'), start);
  const server = spawn(postgres.command, postgres.args, {
    ...postgres.as,
    cwd: primary.directory,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  return async () => {
    server.kill('SIGINT');
    await ended;
  };
}
