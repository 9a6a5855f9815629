import { randomBytes } from 'node:crypto';
import { linkSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { ProcessIdentity, identify, isRunning } from './process-identity';
import { systemCode } from './system-error';
import { pause, waitUntil } from './wait';
import { readJsonIfThere, writeWholeFile } from './whole-file';

/** Longer than anybody needs between reading a dead holder's name and writing his own over it. */
const SETTLE_MS = 150;
const LIMIT_MS = 15 * 60_000;

const Holder = ProcessIdentity.extend({ nonce: z.string() });
type Holder = Readonly<z.infer<typeof Holder>>;

/** One at a time: the holder is named in the file by pid and time of start, so that a killed one does not hold it. */
export async function withLock<T>(
  file: string,
  onWait: (holder: ProcessIdentity) => void,
  work: () => Promise<T>,
): Promise<T> {
  const mine = name();
  await acquire(file, mine, onWait);
  try {
    return await work();
  } finally {
    if (holderOf(file)?.nonce === mine.nonce) rmSync(file, { force: true });
  }
}

function name(): Holder {
  const self = identify(process.pid);
  if (self === undefined) throw new ReleaseError('INTERNAL', 'this process cannot find itself');
  return { ...self, nonce: randomBytes(8).toString('hex') };
}

async function acquire(file: string, mine: Holder, onWait: (holder: ProcessIdentity) => void): Promise<void> {
  let told = false;
  const got = await waitUntil(async () => {
    if (created(file, mine)) return true;
    const holder = holderOf(file);
    if (holder === undefined || !isRunning(holder)) return await takeOver(file, mine);
    if (!told) onWait(holder);
    told = true;
    return false;
  }, LIMIT_MS);
  if (!got)
    throw new ReleaseError('TOOL_FAILED', `${file} is held by pid ${holderOf(file)?.pid ?? 'unknown'}`);
}

/** A link appears with its content at once; an opened file would be empty for a moment. */
function created(file: string, mine: Holder): boolean {
  const own = `${file}.${mine.nonce}`;
  writeWholeFile(own, JSON.stringify(mine));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Two may find the same dead holder: the last to write his name holds it, and each looks again after a while. */
async function takeOver(file: string, mine: Holder): Promise<boolean> {
  writeWholeFile(file, JSON.stringify(mine));
  await pause(SETTLE_MS);
  return holderOf(file)?.nonce === mine.nonce;
}

function holderOf(file: string): Holder | undefined {
  return readJsonIfThere(file, Holder);
}
