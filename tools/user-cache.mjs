import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const PARTIAL = '.partial-';
const ABANDONED_AFTER_MS = 6 * 3_600_000;

/** The per-user cache: what was downloaded or built once serves every checkout. */
export function userCache(environment = process.env) {
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, 'one-roof');
  const home = environment.HOME || homedir();
  return process.platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'one-roof')
    : join(home, '.cache', 'one-roof');
}

/** Makes a file or folder beside its place and moves it there when it is whole: a half-made one is never used. */
export async function makeWhole(place, make) {
  const partial = `${place}${PARTIAL}${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(place), { recursive: true });
  await sweep(dirname(place));
  try {
    await make(partial);
    await rm(place, { recursive: true, force: true });
    await rename(partial, place);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return place;
}

/** Takes away what a killed set-up left half-made, once nobody can be working on it any more. */
async function sweep(folder) {
  for (const name of await readdir(folder)) {
    if (!name.includes(PARTIAL)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined); // gone meanwhile
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
