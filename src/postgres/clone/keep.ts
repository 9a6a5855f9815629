import { findGolden } from '../golden/registry';
import { quoteIdentifier } from '../one-roof-schema';
import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';
import { readMarker } from './marker';
import type { MadeDatabase } from './registry';

/** Before anything is made: the name that a clone will be kept under is free. @throws CLONE_NAME_TAKEN */
export async function verifyNameIsFree(session: Session, keepAs: string): Promise<void> {
  await verifyNoGoldenOf(session, keepAs);
  if ((await readMarker(session, keepAs)) !== undefined) throw nameTaken(keepAs);
}

/** A golden keeps its name also while its database is gone: `golden reset` brings it back. */
async function verifyNoGoldenOf(session: Session, name: string): Promise<void> {
  if ((await findGolden(session, name)) === undefined) return;
  throw new ReleaseError('CLONE_NAME_TAKEN', `${name} is a golden there`, {
    hint: 'Keep the clone under another name; `one-roof golden list` shows the goldens.',
  });
}

function nameTaken(name: string): ReleaseError {
  return new ReleaseError('CLONE_NAME_TAKEN', `the clone host has a database ${name} already`);
}

/** Gives a clone of ours the name that it is kept under, in its marker's and the registry's sight. @throws CLONE_NAME_TAKEN */
export async function keepMade(session: Session, made: MadeDatabase, keepAs: string): Promise<void> {
  await verifyNoGoldenOf(session, keepAs);
  await session.query('begin');
  try {
    const already = await readMarker(session, keepAs);
    if (already === undefined)
      await session.query(
        `alter database ${quoteIdentifier(made.name)} rename to ${quoteIdentifier(keepAs)}`,
      );
    const kept = await readMarker(session, keepAs);
    if (kept?.ours?.nonce !== made.nonce) throw nameTaken(keepAs);
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
