import { ReleaseError } from '../../core/rules/release-error';
import { doomedName } from '../clone/drop';
import { readMarker } from '../clone/marker';
import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';
import { goldenOf, within } from './registry';

/** A golden's database, and the one that is to take its place. */
export interface Swap {
  readonly name: string;
  readonly old: { readonly nonce: string };
  readonly fresh: { readonly name: string; readonly nonce: string };
  /** Sessions in the old one are ended; else whoever is there is named, and nothing is changed. */
  readonly force: boolean;
}

/** Who comes anew while sessions are ended is ended too, so many times. */
const TRIES = 5;
const IN_USE = '55006';

/**
 * Puts the fresh database in the place of the golden: both renames, both markers' checks and the registry's row are one
 * transaction, so that at every moment exactly one whole golden bears the name. May run again.
 * @returns the name under which the old one, where it was there, waits for its drop
 * @throws GOLDEN_IN_USE, CLONE_NOT_OURS
 */
export async function swapGolden(session: Session, swap: Swap): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    if (swap.force) await endSessions(session, { name: swap.name, nonce: swap.old.nonce });
    await endSessions(session, swap.fresh); // nobody but we ever knew of it
    try {
      return await within(session, () => exchange(session, swap));
    } catch (error) {
      if (!isInUse(error)) throw error;
      if (!swap.force || tries === TRIES) throw await inUse(session, swap.name, error);
    }
  }
}

async function exchange(session: Session, { name, old, fresh }: Swap): Promise<string> {
  const doomed = doomedName(old.nonce);
  await session.query('select from one_roof.golden where name = $1 and retired_at is null for update', [
    name,
  ]);
  const golden = await goldenOf(session, name);
  if (golden.nonce === fresh.nonce) return doomed; // done already: the answer was lost
  if (golden.nonce !== old.nonce)
    throw new ReleaseError('SUPERSEDED', `golden ${name} was reset meanwhile by another hand`);
  const isThere = (await readMarker(session, name)) !== undefined;
  if (isThere) await renameVerified(session, { from: name, to: doomed, nonce: old.nonce });
  await renameVerified(session, { from: fresh.name, to: name, nonce: fresh.nonce });
  const entered =
    'update one_roof.made_database set name = $2, changed_at = clock_timestamp() where nonce = $1';
  await session.query(entered, [old.nonce, doomed]);
  await session.query(entered, [fresh.nonce, name]);
  await session.query(
    'update one_roof.golden set nonce = $2, changed_at = clock_timestamp() where nonce = $1 and retired_at is null',
    [old.nonce, fresh.nonce],
  );
  return doomed;
}

/** Renamed first and looked at then: a database that another hand has put there is found out, and all is undone. */
async function renameVerified(
  session: Session,
  { from, to, nonce }: { from: string; to: string; nonce: string },
): Promise<void> {
  await session.query(`alter database ${quoteIdentifier(from)} rename to ${quoteIdentifier(to)}`);
  if ((await readMarker(session, to))?.ours?.nonce === nonce) return;
  throw new ReleaseError(
    'CLONE_NOT_OURS',
    `database ${from} bears no marker of ours with nonce ${nonce}; it is left as it is`,
  );
}

/** Who is connected to a database, in words. */
export async function whoUses(session: Session, database: string): Promise<readonly string[]> {
  const found = await session.query(
    `select usename, application_name, client_addr::text as address, backend_start::text as since
       from pg_catalog.pg_stat_activity where datname = $1 and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend'
      order by backend_start`,
    [database],
  );
  return found.rows.map((row) => {
    const application = row['application_name'] === '' ? '' : ` (${String(row['application_name'])})`;
    return `${String(row['usename'])}${application} since ${String(row['since'])}`;
  });
}

/** @throws GOLDEN_IN_USE naming who is connected */
export async function verifyUnused(session: Session, name: string): Promise<void> {
  if ((await whoUses(session, name)).length > 0) throw await inUse(session, name, undefined);
}

async function inUse(session: Session, name: string, cause: unknown): Promise<ReleaseError> {
  const users = await whoUses(session, name);
  const who = users.length === 0 ? 'somebody who has gone meanwhile' : users.join(', ');
  return new ReleaseError('GOLDEN_IN_USE', `golden ${name} is in use by ${who}`, {
    details: { users },
    cause,
  });
}

/** Of a database of ours; who is in another one that bears its name is left alone. */
async function endSessions(session: Session, made: { name: string; nonce: string }): Promise<void> {
  if ((await readMarker(session, made.name))?.ours?.nonce !== made.nonce) return;
  await session.query(
    'select pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_activity where datname = $1 and pid <> pg_catalog.pg_backend_pid()',
    [made.name],
  );
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === IN_USE;
}
