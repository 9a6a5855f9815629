import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { wordsOf } from '../embedded/system-error';
import type { CommandContext } from './command';

/** A statement as it came, and how places in it are named. */
export interface QueryText {
  readonly text: string | Buffer;
  readonly path: string;
}

/** What is longer is no statement by far: the rest is not read. */
const MOST_BYTES = 1024 * 1024;

/** The statement of a query: given, in a file (`-` is stdin), or from stdin where that is no terminal. @throws USAGE */
export async function queryText(
  context: CommandContext,
  { sql, file }: { readonly sql: string | undefined; readonly file: string | undefined },
): Promise<QueryText> {
  if (sql !== undefined && file !== undefined)
    throw usage('the statement is given twice: as an argument and by --file');
  if (sql !== undefined) return { text: sql, path: 'query' };
  if (file !== undefined && file !== '-') return { text: await readFileOf(context, file), path: file };
  const { input } = context.terminal;
  if (input.isTerminal && file === undefined) throw usage('no statement is given');
  return { text: await readStream(input.stream()), path: 'stdin' };
}

async function readFileOf({ folder }: CommandContext, file: string): Promise<Buffer> {
  try {
    const handle = await open(resolve(folder, file));
    return await readStream(handle.createReadStream());
  } catch (cause) {
    throw new ReleaseError('USAGE', `${file} cannot be read: ${wordsOf(cause)}`, { cause });
  }
}

async function readStream(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    parts.push(bytes);
    length += bytes.length;
    if (length >= MOST_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_BYTES);
}

function usage(message: string): ReleaseError {
  return new ReleaseError('USAGE', message, {
    hint: 'Give one statement: as an argument, by `--file FILE`, or on stdin. `one-roof query --help` shows each.',
  });
}
