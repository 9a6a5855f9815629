import { endTransaction, withinTransaction } from '../transaction';
import type { AttemptWork } from '../attempt-work';
import { lockFence } from '../ledger';
import { verifyRegistration } from '../registration';
import type { Session } from '../session';

/** What comes of a transaction, and whether it stays. */
export interface Ending<T> {
  readonly end: 'commit' | 'rollback';
  readonly value: T;
}

/** One transaction of this attempt, in the database that is meant, and only while no newer attempt has begun. @throws SUPERSEDED */
export async function fenced<T>(
  session: Session,
  { attempt, nonce }: AttemptWork,
  steps: () => Promise<Ending<T>>,
): Promise<T> {
  await session.query('begin isolation level read committed, read write');
  const { end, value } = await withinTransaction(session, async () => {
    await lockFence(session, attempt.hold);
    await verifyRegistration(session, { kind: attempt.registration, nonce });
    return steps();
  });
  await endTransaction(session, end);
  return value;
}
