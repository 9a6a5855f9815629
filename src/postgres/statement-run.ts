import { ReleaseError } from '../core/rules/release-error';
import type { StatementMeasure } from '../core/schema/attempt';
import type { SqlStatement } from '../core/schema/statement';
import type { AttemptWork } from './attempt';
import { asReleaseError } from './errors';
import type { Observer } from './observation';
import type { Session } from './session';

/** Runs the statements one by one; after each the transaction must still be the one that holds our ledger row. */
export async function runStatements(
  session: Session,
  work: AttemptWork,
  observer: Observer,
): Promise<readonly StatementMeasure[]> {
  const measures: StatementMeasure[] = [];
  const ours = observer.xid;
  for (const statement of work.statements) {
    const run = await runOne(session, statement, work.file);
    measures.push(await observer.after(session, statement, run));
    if (ours !== null && observer.xid !== ours) {
      throw new ReleaseError(
        'TRANSACTION_ESCAPED',
        `${work.file}:${statement.line} statement ${statement.number} left transaction ${ours}`,
      );
    }
    work.onStatement?.(measures.length, work.statements.length);
  }
  return measures;
}

async function runOne(
  session: Session,
  statement: SqlStatement,
  file: string,
): Promise<{ ms: number; rows: number | null }> {
  const startedAt = performance.now();
  try {
    const answer = await session.query(statement.text);
    const counts = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(answer.command);
    return { ms: performance.now() - startedAt, rows: counts ? answer.rowCount : null };
  } catch (error) {
    throw asReleaseError(error, { file, ...statement });
  }
}
