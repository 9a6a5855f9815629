import type { TierAttempt } from '../../core/schema/attempt';
import { endTransaction, withinTransaction } from '../transaction';
import { lockFence } from '../ledger';
import type { Session } from '../session';

/** A transaction of our own between two statements, in which this attempt is known to be in force. @throws SUPERSEDED */
export async function underFence<T>(
  session: Session,
  { hold }: TierAttempt,
  work: () => Promise<T>,
): Promise<T> {
  await session.query('begin isolation level read committed, read write');
  const value = await withinTransaction(session, async () => {
    await lockFence(session, hold);
    return work();
  });
  await endTransaction(session, 'commit');
  return value;
}
