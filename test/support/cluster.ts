import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findServerUser, giveTo, invocationAs } from '../../src/embedded/server-user';
import { readToolchain } from '../../src/embedded/toolchain';

const run = promisify(execFile);

/** A private PostgreSQL cluster for one run of the tests. */
export interface TestCluster {
  readonly url: string;
  readonly directory: string;
  stop(): Promise<void>;
}

/** Where the programs of a server are, given the folder that the cluster will be in. */
export type Programs = (directory: string) => Promise<string>;

/** Starts a cluster of its own on a free loopback port, as `postgres` where the tests run as root. */
export async function startTestCluster(
  settings: readonly string[] = [],
  programs: Programs = toolchainPrograms,
): Promise<TestCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'one-roof-test-'));
  const bin = await programs(directory);
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(directory, 'password');
  const owner = findServerUser();
  await writeFile(passwordFile, password, { mode: 0o600 });
  giveTo(owner, directory);
  giveTo(owner, passwordFile);
  await chmod(directory, 0o700);
  const data = join(directory, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8'];
  const initdb = invocationAs(owner, join(bin, 'initdb'), [...init, '--locale=C.UTF-8', '-N']);
  await run(initdb.command, initdb.args, { ...initdb.as, cwd: directory });
  const port = await freePort();
  const flags = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${directory}`,
    'max_connections=200',
    'wal_level=logical',
    ...settings,
  ];
  const start = ['-D', data, ...flags.flatMap((flag) => ['-c', flag])];
  const postgres = invocationAs(owner, join(bin, 'postgres'), start);
  const server = spawn(postgres.command, postgres.args, { ...postgres.as, cwd: directory, stdio: 'ignore' });
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await waitUntilReady(url);
  return {
    url,
    directory,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port that nothing listened on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function toolchainPrograms(): Promise<string> {
  return Promise.resolve(readToolchain(join(__dirname, '..', '..')).postgres.bin);
}

async function waitUntilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined); // it starts up: asked again
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // not listening yet: asked again, for 10 s
    }
  }
  throw new Error('the test cluster did not start within 10 s');
}
