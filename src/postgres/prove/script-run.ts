import { ReleaseError } from '../../core/rules/release-error';
import { asReleaseError } from '../errors';
import type { StatementPlace } from '../errors';
import type { Session } from '../session';
import type { Workbench } from './workbench';

/** One direction of a step: its statements, and whether they run in one transaction or each by itself. */
export interface ForeignScript {
  readonly mode: 'transaction' | 'autocommit';
  readonly statements: readonly StatementPlace[];
}

/** Why a script does not run, in the words of the parser or the server; nothing where it ran. */
export async function failureOf(
  bench: Workbench,
  database: string,
  read: () => Promise<ForeignScript>,
): Promise<string | undefined> {
  try {
    const script = await read();
    await bench.session(database, (session) => runScript(session, script));
    return undefined;
  } catch (error) {
    if (isOfScript(error)) return error.message;
    throw error;
  }
}

/** With the search path of a session of psql's, and otherwise as the server has it. */
async function runScript(session: Session, { mode, statements }: ForeignScript): Promise<void> {
  await session.query('set search_path to "$user", public');
  if (mode === 'transaction') await session.query('begin');
  for (const statement of statements) await runStatement(session, statement);
  if (mode === 'transaction') await session.query('commit');
}

async function runStatement(session: Session, statement: StatementPlace): Promise<void> {
  try {
    await session.query(statement.text);
  } catch (error) {
    throw asReleaseError(error, statement);
  }
}

/** The parser or the server said no to the script; a lost connection says nothing of it. */
function isOfScript(error: unknown): error is ReleaseError {
  if (!(error instanceof ReleaseError)) return false;
  const state = error.details['sqlstate'];
  return error.code === 'SQL_REFUSED' || (typeof state === 'string' && !/^(08|57P)/.test(state));
}
