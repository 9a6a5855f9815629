import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A private PostgreSQL cluster for one run of the tests. */
export interface TestCluster {
  readonly url: string;
  readonly directory: string;
  stop(): Promise<void>;
}

/** Starts a cluster of its own on a free loopback port, as `postgres` where the tests run as root. */
export async function startTestCluster(settings: readonly string[] = []): Promise<TestCluster> {
  const bin = await findBinaries();
  const directory = await mkdtemp(join(tmpdir(), 'one-roof-test-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(directory, 'password');
  const owner = await unprivilegedUser();
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== null) {
    await chown(directory, owner.uid, owner.gid);
    await chown(passwordFile, owner.uid, owner.gid);
  }
  await chmod(directory, 0o700);
  const data = join(directory, 'data');
  await run(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '-N',
    ],
    {
      ...owner,
      cwd: directory,
    },
  );
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
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags.flatMap((flag) => ['-c', flag])], {
    ...owner,
    cwd: directory,
    stdio: 'ignore',
  });
  await waitUntilReady(bin, port);
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    directory,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function findBinaries(): Promise<string> {
  if (process.env['ONE_ROOF_PG_BIN'] !== undefined) return process.env['ONE_ROOF_PG_BIN'];
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error(`no PostgreSQL under ${root}`);
  return join(root, newest, 'bin');
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function waitUntilReady(bin: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      await run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q']);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // not listening yet: asked again, for 10 s
    }
  }
  throw new Error('the test cluster did not start within 10 s');
}
