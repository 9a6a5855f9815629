import { mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasApt, installWithApt, unpackWithApt } from './apt-postgres.mjs';
import { build, isBuilt } from './build.mjs';
import { findPostgres, missing as missingPostgres } from './find-postgres.mjs';
import { fetchTemporal, findTemporal, missing as missingTemporal } from './find-temporal.mjs';
import { installPackages, whyPackagesDiffer } from './npm-packages.mjs';
import { SetupError, begin, done, note } from './progress.mjs';
import { attempt } from './run-program.mjs';
import { serverUser } from './server-user.mjs';
import { withSetupLock } from './setup-lock.mjs';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const state = join(root, '.one-roof');

/** Brings a fresh clone to where it runs; quick when there is nothing to do, and may be run again after any interruption. */
async function setUp() {
  verifyPlatform();
  await withSetupLock(join(state, 'setup.lock'), async () => {
    await packages();
    await launcher();
    await build(root);
    await writeToolchain({ temporal: await temporal(), postgres: await postgres() });
    await openSsh();
  });
}

/** `--check`: tells what is there and what is missing, and changes nothing. Exit 1 where something is missing. */
async function check() {
  verifyPlatform();
  const differ = await whyPackagesDiffer(root);
  const built = differ === null && (await isBuilt(root));
  const lookedTemporal = [];
  const lookedPostgres = [];
  const [server, programs] = await Promise.all([
    findTemporal({ root, looked: lookedTemporal }),
    findPostgres({ user: await serverUser(), looked: lookedPostgres }),
  ]);
  tell('npm packages', differ === null, differ ?? 'as locked', ['npm run setup']);
  tell('build', built, built ? 'dist/ is up to date' : 'dist/ is not what the sources give', [
    'npm run setup',
  ]);
  tell('Temporal', server !== null, describe(server), missingTemporal(lookedTemporal).mend);
  tell('PostgreSQL', programs !== null, describe(programs), missingPostgres(lookedPostgres).mend);
}

function tell(name, ok, fact, mend) {
  if (ok) return done(name, fact);
  process.exitCode = 1;
  console.error(new SetupError(`${name}: ${fact}`, { mend }).describe());
}

function verifyPlatform() {
  if (process.platform === 'win32') {
    throw new SetupError('One-Roof runs on Linux and macOS; on Windows it runs in WSL', {
      mend: ['wsl --install   (then clone and run it in there)'],
    });
  }
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(`this is Node ${process.versions.node}; One-Roof needs ${OLDEST_NODE} or newer`, {
      mend: ['https://nodejs.org, or: nvm install 22'],
    });
  }
}

async function packages() {
  const differ = await whyPackagesDiffer(root);
  if (differ === null) return done('npm packages', 'as locked');
  begin('npm packages', `npm ci, because ${differ}`);
  await installPackages(root);
  done('npm packages', 'installed as locked');
}

/** npm links the commands of a package's dependencies, not its own: this makes `npx one-roof` work in the checkout. */
async function launcher() {
  const link = join(root, 'node_modules', '.bin', 'one-roof');
  const target = join('..', '..', 'bin', 'one-roof.mjs');
  if ((await readlink(link).catch(() => null)) === target) return;
  await rm(link, { force: true });
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, link);
}

async function temporal() {
  const looked = [];
  const found = (await findTemporal({ root, looked })) ?? (await fetchTemporal({ root, looked }));
  done('Temporal', describe(found));
  return found;
}

async function postgres() {
  const looked = [];
  const found = (await findPostgres({ user: await serverUser(), looked })) ?? (await fetchPostgres(looked));
  done('PostgreSQL', describe(found));
  return found;
}

/** What is only needed where approvals are signed, and by the tests. */
async function openSsh() {
  if ((await attempt('ssh-keygen', ['-?'])).code === null)
    note(
      'OpenSSH: there is no ssh-keygen; signed approvals need it (Debian: apt-get install openssh-client)',
    );
}

async function fetchPostgres(looked) {
  if (!(await hasApt())) throw missingPostgres(looked);
  if (process.getuid() === 0) await installWithApt();
  else await unpackWithApt();
  const found = await findPostgres({ user: await serverUser(), looked });
  if (found === null) throw missingPostgres(looked);
  return found;
}

function describe(found) {
  if (found === null) return 'not found';
  if (found.kind === 'address') return `the server at ${found.address} (TEMPORAL_ADDRESS)`;
  return found.kind === 'cli'
    ? `${found.path} (server ${found.version})`
    : `${found.version} in ${found.bin}`;
}

async function writeToolchain(toolchain) {
  const file = join(state, 'toolchain.json');
  const text = `${JSON.stringify(toolchain, null, 2)}\n`;
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    console.error('interrupted; nothing half-made is used: run it again and it goes on');
    process.exit(code);
  });
}

try {
  await (process.argv.includes('--check') ? check() : setUp());
} catch (error) {
  console.error(error instanceof SetupError ? error.describe() : error);
  process.exitCode = 1;
}
