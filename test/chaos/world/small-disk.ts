import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServerUser } from '../../../src/embedded/server-user';

const run = promisify(execFile);
const SIZE_MB = 32;
const BLOCK = Buffer.alloc(64 * 1024, 1);

/** A small file system of its own, on which a database lies. */
export interface SmallDisk {
  readonly folder: string;
  /** Until not a byte is left. */
  fill(): void;
  free(): void;
  end(): Promise<void>;
}

/** Mounts one in memory; undefined where that is not allowed, as it is to root alone. */
export async function mountSmallDisk(root: string): Promise<SmallDisk | undefined> {
  const user = findServerUser();
  if (user?.kind !== 'another') return undefined;
  const folder = join(root, 'small-disk');
  mkdirSync(folder);
  const options = `size=${SIZE_MB}m,mode=0700,uid=${user.uid},gid=${user.gid}`;
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'one-roof-chaos', folder]);
  } catch {
    return undefined; // a container mounts nothing: the fault is then counted as not reached
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => fill(ballast),
    free: () => rmSync(ballast, { force: true }),
    end: async () => {
      await run('umount', [folder]);
    },
  };
}

function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    closeSync(file);
  }
}

/** By its code alone: an error of the file system is no `Error` of the sandbox that tests run in. */
function isFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'ENOSPC';
}
