import { rmSync } from 'node:fs';
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { note } from './progress.mjs';

const BEAT_MS = 2_000;
/** A lock that has not been touched for so long was left by a set-up that was killed. */
const STALE_MS = 12_000;

/** One set-up at a time: `npm run demo` and `npm test` may be typed together. The holder keeps touching the file. */
export async function withSetupLock(file, work) {
  await mkdir(dirname(file), { recursive: true });
  await acquire(file);
  const beat = setInterval(() => void touch(file), BEAT_MS);
  const leave = () => rmSync(file, { force: true });
  process.once('exit', leave); // Ctrl-C skips what stands under finally
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', leave);
    leave();
  }
}

async function acquire(file) {
  for (let told = false; !(await tryCreate(file));) {
    if (await isStale(file)) await rm(file, { force: true });
    else if (!told) {
      note(`another set-up is running here; waiting for it (its lock is ${file})`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function tryCreate(file) {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file) {
  const found = await stat(file).catch(() => undefined); // gone: the next try creates it
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

async function touch(file) {
  await utimes(file, new Date(), new Date()).catch(() => undefined); // taken away by hand: nothing to keep
}
