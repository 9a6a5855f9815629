import { randomBytes } from 'node:crypto';
import { access, copyFile, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from './run-program.mjs';

const STAGING = 'npm-';

/** Why node_modules is not what package-lock.json says; null when it is. Reads npm's own record, which npm writes last. */
export async function whyPackagesDiffer(root) {
  const locked = await readPackages(join(root, 'package-lock.json'));
  const installed = await readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'node_modules is missing or incomplete';
  for (const [path, entry] of Object.entries(locked)) {
    const found = installed[path];
    if (path === '' || (found === undefined && entry.optional && !isForHere(entry))) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) {
      return `${path} is not ${entry.version}`;
    }
  }
  const gone = await firstMissing(root, Object.keys(installed));
  return gone === undefined ? null : `${gone} is gone`;
}

/**
 * Installs exactly the locked packages, in a folder beside, and moves them to their place when they are whole: an npm that
 * outlives a killed set-up writes where nobody looks. Install scripts do not run: the packages bring prebuilt binaries.
 */
export async function installPackages(root) {
  const state = join(root, '.one-roof');
  await takeAwayOldStagings(state);
  const staging = join(state, `${STAGING}${randomBytes(4).toString('hex')}`);
  await mkdir(staging, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(join(root, name), join(staging, name));
  await runQuietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: staging,
    killSignal: 'SIGKILL',
    mend: ['npm run setup   (again, with a network that reaches your npm registry)'],
  });
  await rm(join(root, 'node_modules'), { recursive: true, force: true });
  await rename(join(staging, 'node_modules'), join(root, 'node_modules'));
  await rm(staging, { recursive: true, force: true });
}

async function takeAwayOldStagings(state) {
  for (const name of await readdir(state)) {
    if (!name.startsWith(STAGING)) continue;
    // Where a killed set-up's npm still writes into it, it stays until the next installation.
    await rm(join(state, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return null; // missing or half-written: npm ci writes it anew
  }
}

/** Certainly: what names a C library, or only serves a package for elsewhere, npm may rightly have left out. */
function isForHere({ os, cpu, libc }) {
  const named = os !== undefined && cpu !== undefined && libc === undefined;
  return named && os.includes(process.platform) && cpu.includes(process.arch);
}

async function firstMissing(root, paths) {
  const missing = await Promise.all(
    paths.map((path) =>
      access(join(root, path, 'package.json')).then(
        () => false,
        () => true,
      ),
    ),
  );
  return paths.find((_, index) => missing[index]);
}
