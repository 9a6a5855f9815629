import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';

/** One call as it is recorded; each line is whole by itself. docs/read-channel.md, What is recorded. */
export interface CallLine {
  /** The same in both lines of a call: as it began, and as it ended. */
  readonly call: string;
  readonly at: string;
  /** The user of the operating system. */
  readonly who: string;
  readonly by: 'query' | 'mcp';
  /** What an MCP client called itself. */
  readonly client?: { readonly claimed: string };
  readonly tool?: string;
  readonly target: string;
  /** null as long as none has answered. */
  readonly server: 'primary' | 'standby' | null;
  /** SHA-256 of the text, and its length in bytes. */
  readonly digest: string;
  readonly length: number;
  /** null where it is larger than a statement may be, or no text at all. */
  readonly text: string | null;
  readonly verdict: 'begun' | 'answered' | 'refused' | 'failed' | 'cancelled';
  readonly construct?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly rows?: number;
  /** There were more rows than were asked for. */
  readonly more?: boolean;
  readonly bytes?: number;
  readonly ms?: number;
}

/** Where calls are recorded. */
export interface CallRecords {
  /** @throws CALL_NOT_RECORDED */
  append(line: CallLine): Promise<void>;
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OF_OTHERS = 0o077;
const LINE_FEED = 0x0a;

/** A file a month in `reads` of the store's folder; opened for each line, so that months end and files may be taken away. */
export function callRecords(store: string): CallRecords {
  const folder = join(store, 'reads');
  return {
    append: async (line) => {
      const file = join(folder, `${line.at.slice(0, 7)}.jsonl`);
      try {
        await mkdir(store, { recursive: true });
        await prepareFolder(folder);
        await appendLine(file, JSON.stringify(line));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ReleaseError('CALL_NOT_RECORDED', `${file}: ${why}`, { cause });
      }
    },
  };
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error('what should be its folder is none');
  if ((found.mode & OF_OTHERS) !== 0) await chmod(folder, FOLDER_MODE);
}

/** One write at the end of the file, so that lines of several processes stand one after the other. */
async function appendLine(path: string, line: string): Promise<void> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, FILE_MODE);
  try {
    const { mode, size } = await verifyFile(file);
    if ((mode & OF_OTHERS) !== 0) await file.chmod(FILE_MODE);
    const bytes = Buffer.from(`${(await endsTorn(file, size)) ? '\n' : ''}${line}\n`);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten !== bytes.length) throw new Error('the line was not written whole: the disk is full');
  } finally {
    await file.close();
  }
}

async function verifyFile(file: FileHandle): Promise<{ readonly mode: number; readonly size: number }> {
  const found = await file.stat();
  if (!found.isFile()) throw new Error('it is no file');
  return found;
}

/** A full disk has cut the line before: the next one begins on a line of its own. */
async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== LINE_FEED;
}
