import { setTimeout as wait } from 'node:timers/promises';
import { ReleaseError } from '../core/rules/release-error';
import type { Hold } from '../core/schema/attempt';
import { SESSION_LOCK_KEY } from './one-roof-schema';
import type { Session } from './session';

const POLL_MS = 100;
/** How long an attempt waits for the session before it, whose backend ends within half a second of its client. */
const PATIENCE_MS = 10_000;

interface Holder {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly since: string;
}

/** What an attempt's session calls itself, so that the next attempt of the same claim knows its own. */
export function attemptApplication(hold: Hold, tier: string): string {
  return `one-roof claim ${hold.claim}.${hold.ordinal} ${tier}`.slice(0, 63);
}

/**
 * Takes the database's one session lock, polling with no transaction open (a blocking wait would deadlock with the
 * holder's own CREATE INDEX CONCURRENTLY). An older attempt of the same claim is ended and waited for; a stranger is named.
 */
export async function takeSessionLock(session: Session, hold: Hold): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await session.query('select pg_catalog.pg_try_advisory_lock($1::bigint) as mine', [
      SESSION_LOCK_KEY,
    ]);
    if (answer.rows[0]?.['mine'] === true) return;
    const holder = await findHolder(session);
    if (holder !== undefined && isOlderAttempt(holder, hold)) {
      await session.query('select pg_catalog.pg_terminate_backend($1)', [holder.pid]);
    }
    if (Date.now() > deadline) throw held(holder);
    await wait(POLL_MS);
  }
}

/** Who holds the session lock: found through pg_locks, for application names are cut at 63 characters. */
export async function findHolder(session: Session): Promise<Holder | undefined> {
  const answer = await session.query(
    `select a.pid, a.usename as "user", a.application_name as application, a.backend_start::text as since
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        and ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint`,
    [SESSION_LOCK_KEY],
  );
  const row = answer.rows[0];
  if (row === undefined) return undefined;
  return {
    pid: Number(row['pid']),
    user: String(row['user']),
    application: String(row['application']),
    since: String(row['since']),
  };
}

function isOlderAttempt(holder: Holder, hold: Hold): boolean {
  const match = /^one-roof claim (\d+)\.(\d+) /.exec(holder.application);
  if (match === null) return false;
  return (
    Number(match[1]) < hold.claim || (Number(match[1]) === hold.claim && Number(match[2]) < hold.ordinal)
  );
}

function held(holder: Holder | undefined): ReleaseError {
  const who =
    holder === undefined
      ? 'a session that could not be seen'
      : `process ${holder.pid} of ${holder.user} (${holder.application || 'no application name'}, since ${holder.since})`;
  return new ReleaseError('LOCK_TIMEOUT', `the database's session lock is held by ${who}`, {
    hint: 'Wait until that session has ended, or end it; it is tried again.',
  });
}
