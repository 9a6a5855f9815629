import { ReleaseError } from '../core/rules/release-error';
import type { StatementMeasure } from '../core/schema/attempt';
import type { SqlStatement } from '../core/schema/statement';
import type { AttemptWork } from './attempt';
import { asReleaseError } from './errors';
import type { Observer } from './observation';
import type { Session } from './session';

/** What a statement did, as the server counted it. */
export interface StatementRun {
  readonly ms: number;
  readonly rows: number | null;
  /** The first word of the server's answer: INSERT, ALTER, DO, … */
  readonly command: string;
}

/** Who looks on while statements run. */
export interface Onlookers {
  readonly observer: Observer;
  /** After each statement; what it throws ends the tier. */
  readonly onRun: (run: StatementRun) => void;
}

/** Runs the statements one by one; after each the transaction must still be the one that holds our ledger row. */
export async function runStatements(
  session: Session,
  work: AttemptWork,
  { observer, onRun }: Onlookers,
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
    onRun(run);
    work.onStatement?.(measures.length, work.statements.length);
  }
  return measures;
}

async function runOne(session: Session, statement: SqlStatement, file: string): Promise<StatementRun> {
  const startedAt = performance.now();
  try {
    const answer = await session.query(statement.text);
    const counts = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(answer.command);
    const rows = counts ? answer.rowCount : null;
    return { ms: performance.now() - startedAt, rows, command: answer.command };
  } catch (error) {
    throw asReleaseError(error, { file, ...statement });
  }
}
