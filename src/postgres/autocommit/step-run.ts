import { ReleaseError } from '../../core/rules/release-error';
import type { StatementMeasure } from '../../core/schema/attempt';
import type { SqlStatement } from '../../core/schema/statement';
import type { AttemptWork } from '../attempt-work';
import type { Blocker } from '../blockers';
import { asReleaseError } from '../errors';
import { readKnown } from '../observed';
import { lookingOn } from '../onlooker';
import type { Session } from '../session';
import { heldUpBy, progressOf } from '../statement-run';
import type { Before, Convergence } from './convergence';
import { lookAtStatement } from './index-progress';
import { knownLocks, seeingLocks } from './locks-seen';
import { writtenAnew } from './written-anew';

/** A step that is to be run, and what is known of it. */
export interface DueStep {
  readonly statement: SqlStatement;
  readonly way: Convergence;
  readonly before: Before;
}

/**
 * Mends what a dead attempt left, then runs the statement, alone in its message and with no transaction open.
 * @throws STATEMENT_FAILED where its effect is not there afterwards
 */
export async function runStep(session: Session, work: AttemptWork, due: DueStep): Promise<StatementMeasure> {
  const { statement, way } = due;
  const startedAt = performance.now();
  const wal = await walPosition(session);
  const known = await readKnown(session);
  let blockers: readonly Blocker[] = [];
  const look = async (beside: Session): Promise<void> => {
    const seen = await lookAtStatement(beside, session.pid, progressOf(work, statement.number - 1));
    blockers = seen.blockers.length > 0 ? seen.blockers : blockers;
    work.onProgress?.(seen.progress);
  };
  const run = (): Promise<void> => lookingOn(() => carryOut(session, due), look, work.beside);
  const locks = await seeingLocks(() => patiently(session, way, run), session.pid, work.beside).catch(
    (error: unknown) => {
      throw heldUpBy(asReleaseError(error, { file: work.file, ...statement }), blockers);
    },
  );
  await verifyDone(session, work, due);
  const ms = performance.now() - startedAt;
  const walBytes = (await walPosition(session)) - wal;
  const written = writtenAnew(known, await readKnown(session));
  return { ...described(statement), ms, locks: knownLocks(locks, known), walBytes, ...written };
}

/** `file:line:column statement n`, for what is wrong with a step before the server sees it. */
export function placeIn({ file }: AttemptWork, { line, column, number }: SqlStatement): string {
  return `${file}:${line}:${column} statement ${number}`;
}

async function carryOut(session: Session, { statement, way, before }: DueStep): Promise<void> {
  if ((await way.mend(session, before)) === 'run') await session.query(statement.text);
}

/**
 * What waits for the end of old transactions has the statement's own long limit: a short lock_timeout would cut it in the
 * midst and leave it half done, at each attempt anew. Its locks hold up no reader and no writer. FACTS.md
 */
async function patiently(session: Session, way: Convergence, work: () => Promise<void>): Promise<void> {
  if (!way.waitsForTransactions) return work();
  await session.query('set lock_timeout = 0');
  await work();
  await session.query('reset lock_timeout'); // to what the session stated when it started; one that failed is closed
}

async function verifyDone(session: Session, work: AttemptWork, { statement, way }: DueStep): Promise<void> {
  const found = await way.probe(session);
  if (found === 'done' || found === 'not known') return;
  const place = placeIn(work, statement);
  throw new ReleaseError('STATEMENT_FAILED', `${place} was run, and its effect is ${found} all the same`);
}

async function walPosition(session: Session): Promise<number> {
  const answer = await session.query(
    `select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text as wal`,
  );
  return Number(answer.rows[0]?.['wal']);
}

function described({ number, line, text }: SqlStatement) {
  return { number, line, text: text.replace(/\s+/g, ' ').slice(0, 120), rows: null };
}
