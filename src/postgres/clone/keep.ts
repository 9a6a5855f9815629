import { quoteIdentifier } from '../one-roof-schema';
import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';
import { readMarker } from './marker';
import type { MadeDatabase } from './registry';

/** Gives a clone of ours the name that it is kept under, in its marker's and the registry's sight. @throws CLONE_NOT_OURS */
export async function keepMade(session: Session, made: MadeDatabase, keepAs: string): Promise<void> {
  await session.query('begin');
  try {
    const already = await readMarker(session, keepAs);
    if (already === undefined)
      await session.query(
        `alter database ${quoteIdentifier(made.name)} rename to ${quoteIdentifier(keepAs)}`,
      );
    const kept = await readMarker(session, keepAs);
    if (kept?.ours?.nonce !== made.nonce)
      throw new ReleaseError('CLONE_NOT_OURS', `database ${keepAs} exists and is not this rehearsal's clone`);
    await session.query(
      'update one_roof.made_database set name = $2, changed_at = clock_timestamp() where nonce = $1',
      [made.nonce, keepAs],
    );
    await session.query('commit');
  } catch (error) {
    await session.query('rollback');
    throw error;
  }
}
