import { ReleaseError } from '../core/rules/release-error';
import type { StatementMeasure } from '../core/schema/attempt';
import type { Progress } from '../core/schema/heartbeat';
import type { SqlStatement } from '../core/schema/statement';
import type { AttemptWork } from './attempt-work';
import { inWords, readBlockers } from './blockers';
import type { BudgetGuard } from './budget-guard';
import type { Blocker } from './blockers';
import { asReleaseError } from './errors';
import type { Observer, Ran } from './observation';
import { lookingOn } from './onlooker';
import type { Session } from './session';

/** Who looks on while statements run. */
export interface Onlookers {
  readonly observer: Observer;
  readonly guard: BudgetGuard;
  /** After each statement; what it throws ends the tier. */
  readonly onRun: (run: Ran) => void;
}

/** Runs the statements one by one; after each the transaction must still be the one that holds our ledger row. */
export async function runStatements(
  session: Session,
  work: AttemptWork,
  onlookers: Onlookers,
): Promise<readonly StatementMeasure[]> {
  const { observer, guard, onRun } = onlookers;
  const measures: StatementMeasure[] = [];
  const ours = observer.xid;
  for (const statement of work.statements) {
    const run = await runOne(session, { statement, work }, onlookers);
    measures.push(await observer.after(session, statement, run));
    if (ours !== null && observer.xid !== ours) {
      throw new ReleaseError(
        'TRANSACTION_ESCAPED',
        `${work.file}:${statement.line} statement ${statement.number} left transaction ${ours}`,
      );
    }
    onRun(run);
    guard.after(measures);
    work.onProgress?.(progressOf(work, measures.length));
  }
  return measures;
}

async function runOne(
  session: Session,
  { statement, work }: { readonly statement: SqlStatement; readonly work: AttemptWork },
  { observer, guard }: Onlookers,
): Promise<Ran> {
  const startedAt = performance.now();
  const knew = (oid: string): boolean => observer.knew(oid);
  let blockers: readonly Blocker[] = [];
  const look = async (beside: Session): Promise<void> => {
    const found = await readBlockers(beside, session.pid);
    if (found.length > 0) blockers = found;
    const note = found.length > 0 ? { note: inWords(found) } : {};
    work.onProgress?.({ ...progressOf(work, statement.number - 1), ...note });
    await guard.look(beside, { pid: session.pid, startedAt, knew });
  };
  try {
    const answer = await lookingOn(() => session.query(statement.text), look, work.beside);
    const counts = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(answer.command);
    const rows = counts ? answer.rowCount : null;
    return { startedAt, ms: performance.now() - startedAt, rows, command: answer.command };
  } catch (error) {
    throw heldUpBy(asReleaseError(error, { file: work.file, ...statement }), blockers);
  }
}

export function progressOf(work: AttemptWork, done: number): Progress {
  return { what: work.attempt.tier.id, done, total: work.statements.length, unit: 'statements' };
}

/** A lock that was not to be had is told with whoever held it, as last seen. */
export function heldUpBy(error: ReleaseError, blockers: readonly Blocker[]): ReleaseError {
  if (error.code !== 'LOCK_TIMEOUT' || blockers.length === 0) return error;
  return new ReleaseError(error.code, `${inWords(blockers)}\n${error.message}`, {
    details: { ...error.details, blockers },
    cause: error,
  });
}
