import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PROGRAMS, missing } from './find-postgres.mjs';
import { begin } from './progress.mjs';
import { attempt, runQuietly } from './run-program.mjs';
import { makeWhole, userCache } from './user-cache.mjs';

const CREATE_CLUSTER = '/etc/postgresql-common/createcluster.conf';
const OURS = '# one-roof set-up: taken out again when PostgreSQL is installed';
const QUIET = ['-y', '-q', '--no-install-recommends'];

/** Does this system have Debian's package manager? */
export async function hasApt() {
  return (await attempt('apt-get', ['--version'])).code === 0;
}

/** As root: the system's package, but without the cluster that Debian would create and start with it. */
export async function installWithApt() {
  begin(
    'PostgreSQL',
    'apt-get install postgresql, because no server programs were found; no cluster is created',
  );
  await aptInstall('postgresql-common');
  const before = withoutOurs(existsSync(CREATE_CLUSTER) ? await readFile(CREATE_CLUSTER, 'utf8') : '');
  await writeFile(CREATE_CLUSTER, `${before}create_main_cluster = false ${OURS}\n`);
  try {
    await aptInstall('postgresql');
  } finally {
    await writeFile(CREATE_CLUSTER, withoutOurs(await readFile(CREATE_CLUSTER, 'utf8')));
  }
}

function withoutOurs(text) {
  return text
    .split('\n')
    .filter((line) => !line.includes(OURS))
    .join('\n');
}

async function aptInstall(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => attempt('apt-get', ['install', ...QUIET, name], { env });
  if ((await install()).code === 0) return;
  await runQuietly('apt-get', ['update', '-q'], { env }); // the lists may be missing or old
  await runQuietly('apt-get', ['install', ...QUIET, name], { env, mend: [`apt-get install ${name}`] });
}

/** Without root: the same packages, and the libraries that are not installed, unpacked into the per-user cache. */
export async function unpackWithApt(environment = process.env) {
  begin('PostgreSQL', 'apt-get download and unpack into your cache, because no server programs were found');
  const lists = join(userCache(environment), 'apt');
  const options = await usableLists(lists);
  const plan = await runQuietly('apt-get', [...options, '-s', 'install', ...QUIET, 'postgresql']);
  const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  const server = packages
    .map((name) => /^postgresql-(\d+)$/.exec(name)?.[1])
    .find((major) => major !== undefined);
  if (server === undefined)
    throw missing([`apt-get: knows no package with the server (${packages.join(', ')})`]);
  await makeWhole(join(userCache(environment), 'postgresql', server), async (folder) => {
    await mkdir(folder, { recursive: true });
    await runQuietly('apt-get', [...options, 'download', '-q', ...packages], { cwd: folder });
    const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    for (const archive of archives) await runQuietly('dpkg', ['-x', archive, 'root'], { cwd: folder });
    await runQuietly('rm', archives, { cwd: folder });
    await writeWrappers(folder, server);
  });
}

/** The system's package lists, else lists of our own in the cache: `apt-get update` needs no root for those. */
async function usableLists(folder) {
  if ((await attempt('apt-get', ['-s', 'install', ...QUIET, 'postgresql'])).code === 0) return [];
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`];
  await runQuietly('apt-get', [...options, '-q', 'update'], {
    mend: ['sudo apt-get update && sudo apt-get install postgresql'],
  });
  return options;
}

/** The programs find their own files relative to themselves, but their libraries only by the environment. */
async function writeWrappers(folder, major) {
  const place = '$(dirname "$0")/../root';
  const libraries = (await libraryFolders(join(folder, 'root'))).map((each) => `$root/${each}`).join(':');
  await mkdir(join(folder, 'bin'));
  for (const program of PROGRAMS) {
    const file = join(folder, 'bin', program);
    const real = `"$root/usr/lib/postgresql/${major}/bin/${program}"`;
    const lines = [
      '#!/bin/sh',
      `root=$(cd "${place}" && pwd)`,
      `LD_LIBRARY_PATH="${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec ${real} "$@"`,
      '',
    ];
    await writeFile(file, lines.join('\n'));
    await chmod(file, 0o755);
  }
}

async function libraryFolders(root) {
  const found = await runQuietly('find', ['.', '-name', '*.so.*', '-printf', '%h\n'], { cwd: root });
  const folders = new Set(found.split('\n').map((line) => line.replace(/^\.\//, '')));
  return [...folders].filter(
    (folder) => /(^|\/)lib(\/[^/]*-linux-[^/]*)?$/.test(folder) && basename(folder) !== '',
  );
}
