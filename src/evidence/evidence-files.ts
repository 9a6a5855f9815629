import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { readBounded } from './bounded-file';
import type { Unread } from './bounded-file';
import { MOST_BYTES } from './chain-file';

/** Where the bytes of evidence lie: a folder, or a bucket of objects. A name is written whole or not at all. */
export interface EvidenceFiles {
  /** Sorted; none where nothing was ever written. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer | Unread>;
  write(name: string, text: string): Promise<void>;
}

/** @throws STORE_FAILED where it cannot be written or read */
export function folderFiles(folder: string): EvidenceFiles {
  return {
    names: async () => {
      try {
        return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
      } catch (cause) {
        if (isAbsent(cause)) return [];
        throw new ReleaseError('STORE_FAILED', `evidence cannot be read in ${folder}`, { cause });
      }
    },
    read: (name) => readBounded(join(folder, name), MOST_BYTES),
    write: async (name, text) => {
      const beside = join(folder, `.${randomBytes(8).toString('hex')}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(beside, text, { flush: true });
        await rename(beside, join(folder, name));
      } catch (cause) {
        await rm(beside, { force: true }).catch(() => undefined); // what went wrong first is what is said
        throw new ReleaseError('STORE_FAILED', `evidence cannot be written to ${folder}`, { cause });
      }
    },
  };
}

function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
