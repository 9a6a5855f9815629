import { ReleaseError } from '../../core/rules/release-error';
import { verifyNoGolden } from '../golden/guard';
import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';
import { markDatabase, readMarker } from './marker';
import { listMade, recordState } from './registry';
import type { MadeDatabase } from './registry';

/**
 * Drops a database that we made, and no other: in one transaction it is renamed to a name that nobody else uses, then its
 * oid and marker are checked, else all is undone; only then that name is dropped. Between a check and a drop by the old
 * name, a rename could swap the victim. Has nothing to do where it is gone already. Invariant 8.
 * @throws CLONE_NOT_OURS; GOLDEN_PROTECTED where it is a golden that nobody has retired
 */
export async function dropMade(session: Session, made: MadeDatabase): Promise<void> {
  await verifyNoGolden(session, made.nonce);
  const doomed = doomedName(made.nonce);
  if (!(await exists(session, doomed))) {
    const name = await nameOf(session, made);
    if (name === undefined) return recordState(session, made.nonce, { state: 'dropped' });
    if (name === makingName(made.nonce)) await markDatabase(session, name, made.nonce);
    await verifyOurs(session, name, made);
    await endSessions(session, name);
    await renameIfOurs(session, { name, doomed }, made);
  }
  await verifyOurs(session, doomed, made);
  await session.query(`drop database ${quoteIdentifier(doomed)} with (force)`);
  await recordState(session, made.nonce, { state: 'dropped' });
}

/** A database of ours by its name, from the registry. @throws CLONE_NOT_OURS */
export async function findMade(session: Session, name: string): Promise<MadeDatabase> {
  const made = (await listMade(session)).find((each) => each.name === name);
  if (made === undefined) throw new ReleaseError('CLONE_NOT_OURS', `One-Roof made no database ${name} there`);
  return made;
}

/** The name that it bears now: its own, or that of its making, where a kill came before the rename. */
async function nameOf(session: Session, made: MadeDatabase): Promise<string | undefined> {
  for (const name of [made.name, makingName(made.nonce)]) if (await exists(session, name)) return name;
  return undefined;
}

/** The name under which a database is made, before its marker is on it. */
export function makingName(nonce: string): string {
  return `one_roof_making_${nonce}`;
}

/** The name under which a database waits for its drop. */
export function doomedName(nonce: string): string {
  return `one_roof_drop_${nonce}`;
}

async function verifyOurs(session: Session, name: string, made: MadeDatabase): Promise<void> {
  const found = await readMarker(session, name);
  if (found?.ours?.nonce === made.nonce) return;
  throw new ReleaseError(
    'CLONE_NOT_OURS',
    `database ${name} bears no marker of ours with nonce ${made.nonce}; it is left as it is`,
  );
}

async function renameIfOurs(
  session: Session,
  names: { name: string; doomed: string },
  made: MadeDatabase,
): Promise<void> {
  await session.query('begin');
  try {
    await session.query(
      `alter database ${quoteIdentifier(names.name)} rename to ${quoteIdentifier(names.doomed)}`,
    );
    await verifyOurs(session, names.doomed, made);
    await verifyNoGolden(session, made.nonce);
    await session.query('commit');
  } catch (error) {
    await session.query('rollback');
    throw error;
  }
}

/** Sessions in a clone that was found ours are ended, for `rename` waits for nobody. */
async function endSessions(session: Session, database: string): Promise<void> {
  await session.query(
    'select pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_activity where datname = $1 and pid <> pg_catalog.pg_backend_pid()',
    [database],
  );
}

async function exists(session: Session, name: string): Promise<boolean> {
  return (
    (await session.query('select from pg_catalog.pg_database where datname = $1', [name])).rowCount === 1
  );
}
