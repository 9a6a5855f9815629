import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Why there are no bytes to be believed, in words. */
export interface Unread {
  readonly unread: string;
}

/**
 * Reads what anybody may have put there: only where it is a file, and no larger than such a file may be. It is opened without
 * waiting, for a pipe would be waited for without end.
 */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer | Unread> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const there = await handle.stat();
      if (!there.isFile()) return { unread: 'it is a folder, a pipe or a device, and no file' };
      if (there.size > mostBytes)
        return { unread: `it has ${there.size} bytes, and no more than ${mostBytes} are read` };
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { unread: `it cannot be read: ${codeOf(error)}` }; // said as a fault of it
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'no reason given';
}
