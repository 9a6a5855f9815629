import { blockedBy } from '../../core/rules/lock-conflicts';
import { ReleaseError } from '../../core/rules/release-error';
import type { GateReading } from '../../core/schema/attempt';
import type { LockHeld } from '../../core/schema/blast';
import { isHeldBy, settle } from '../attempt';
import type { AttemptWork } from '../attempt-work';
import { asReleaseError } from '../errors';
import { readGatesAndTables, verifyGatesUntouched } from '../gate-reading';
import type { Session } from '../session';
import type { NetRows } from './done-range';
import { fenced } from './fenced';
import type { KeyRange } from './key-range';
import { look, netBetween, writtenTables } from './look';
import type { Look } from './look';

/** What one batch did, as the server counted it. */
export interface Did {
  readonly ms: number;
  readonly rows: number;
  readonly walBytes: number;
  readonly locks: readonly LockHeld[];
  readonly written: readonly string[];
  readonly net: NetRows;
}

export interface Batch {
  readonly range: KeyRange;
  /** Enters it in the ledger, in the batch's own transaction; what it throws undoes the batch. */
  readonly record: (did: Did) => Promise<void>;
}

/** One batch: the fence, the gate, the statement for one range, and its record, in one transaction of its own. */
export async function runBatch(
  session: Session,
  work: AttemptWork,
  { range, record }: Batch,
): Promise<Did | { readonly closed: readonly GateReading[] }> {
  let startedAt = performance.now();
  const done = await fenced<Did | { readonly closed: readonly GateReading[] }>(session, work, async () => {
    const gates = work.attempt.direction === 'apply' ? work.attempt.gates : [];
    const { readings, tables } = await readGatesAndTables(session, gates);
    if (isHeldBy(readings, work.attempt)) return { end: 'rollback', value: { closed: readings } };
    const before = await look(session);
    startedAt = performance.now();
    const { ms, rows } = await runStatement(session, work, range);
    await settle(session);
    const after = await look(session);
    verifySameTransaction(work, before, after);
    const did = {
      ms,
      rows,
      walBytes: after.wal - before.wal,
      locks: after.locks.map(({ relation, mode }) => ({ relation, mode, blocks: blockedBy(mode) })),
      written: writtenTables(after),
      net: netBetween(before, after),
    };
    verifyGatesUntouched(work.attempt.tier.id, did.written, tables);
    await record(did);
    return { end: 'commit', value: did };
  });
  return 'closed' in done ? done : lockedUntilNow(done, startedAt);
}

/** Its transaction has ended, and with it its locks. */
function lockedUntilNow(did: Did, startedAt: number): Did {
  const heldMs = performance.now() - startedAt;
  return { ...did, locks: did.locks.map((lock) => ({ ...lock, heldMs })) };
}

async function runStatement(
  session: Session,
  { file, statements }: AttemptWork,
  { first, last }: KeyRange,
): Promise<{ ms: number; rows: number }> {
  const [statement] = statements;
  if (statement === undefined) throw new ReleaseError('INTERNAL', `${file} holds no statement`);
  const startedAt = performance.now();
  try {
    const answer = await session.query(statement.text, [first, last]);
    return { ms: performance.now() - startedAt, rows: answer.rowCount ?? 0 };
  } catch (error) {
    throw asReleaseError(error, { file, ...statement });
  }
}

/** The fence gave this transaction its id: another id, or none, and what was done is not in it. */
function verifySameTransaction({ file }: AttemptWork, before: Look, after: Look): void {
  if (before.xid !== null && before.xid === after.xid) return;
  throw new ReleaseError(
    'TRANSACTION_ESCAPED',
    `${file}: the statement left transaction ${String(before.xid)}`,
  );
}
