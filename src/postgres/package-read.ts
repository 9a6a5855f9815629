import { ReleaseError } from '../core/rules/release-error';
import { judgeRead } from '../read-channel/judge';
import type { PermittedRead } from '../read-channel/permitted-read';
import { ask } from './channel/ask';
import { CAPS } from './channel/capped-read';
import type { Answer } from './channel/capped-read';
import type { Session } from './session';

/** SQL of a package that only reads: a statement of a check file or a probe, or the query of a hard gate. */
export interface PackageRead {
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
}

/**
 * Reads what a package asks for, through the read channel, within the caller's transaction: DESIGN.md §6.12. An answer is whole or none.
 * `look` still sees what the read has taken.
 * @throws QUERY_REFUSED, ANSWER_TOO_LARGE, QUERY_TOO_LONG, or what the server says
 */
export async function readPackage(
  session: Session,
  { text, file, line }: PackageRead,
  look?: () => Promise<void>,
): Promise<Answer> {
  const path = [file ?? 'query', ...(line === undefined ? [] : [`statement of line ${line}`])].join(', ');
  const read = await judged(text, session, path);
  const answer = await ask(
    session,
    { read, opened: session.opened },
    { caps: CAPS, values: 'parsed', path, look },
  );
  if (!answer.more) return answer;
  throw new ReleaseError('ANSWER_TOO_LARGE', `${path}: the answer has more than ${CAPS.rows} rows`);
}

/** The rows by the names of their columns; of two columns of one name the last one stays. */
export async function readRows(
  session: Session,
  read: PackageRead,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { columns, rows } = await readPackage(session, read);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]])));
}

/** A gate is read again and again: what its text says does not change. */
const known = new Map<string, PermittedRead>();
const MOST_KNOWN = 500;

async function judged(text: string, { opened }: Session, path: string): Promise<PermittedRead> {
  const key = JSON.stringify([text, opened]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const read = await judgeRead(text, opened, path);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, read);
  return read;
}
