import { ReleaseError } from '../core/rules/release-error';
import type { Session } from './session';

/** What fails within is rolled back. */
export async function withinTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await endTransaction(session, 'rollback').catch(() => undefined); // a lost session has rolled back by itself
    throw error;
  }
}

/** `commit` stands alone in its message: of a string with more in it, all is executed after the client's death. FACTS.md */
export async function endTransaction(session: Session, how: 'commit' | 'rollback'): Promise<void> {
  const answer = await session.query(how);
  if (answer.command !== how.toUpperCase()) {
    throw new ReleaseError('TRANSACTION_ESCAPED', `the server answered ${answer.command} to ${how}`);
  }
}
