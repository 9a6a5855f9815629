import { ReleaseError } from '../core/rules/release-error';
import type { DatabaseRef } from '../core/schema/database-ref';
import { readOnly } from '../postgres/read-only';
import type { ReadResult } from '../postgres/read-only';
import { withSession } from '../postgres/session';
import type { Session } from '../postgres/session';
import type { Watch } from './boundary';
import { revealing } from './revealing';
import { endpointFor, openedIn } from './world';
import type { RoleName, World } from './world';

/** What every read of package SQL is limited to. Invariant 12. */
const READ_TIMEOUT_MS = 5_000;
export const READ_LIMITS = { lockTimeoutMs: READ_TIMEOUT_MS, statementTimeoutMs: READ_TIMEOUT_MS } as const;
/** Our own reading of a large catalog; it is not package SQL. */
const CATALOG_LIMITS = { lockTimeoutMs: READ_TIMEOUT_MS, statementTimeoutMs: 60_000 } as const;

/** Who reads which database, for whom. */
export interface Reader {
  readonly database: DatabaseRef;
  readonly role: RoleName;
  readonly watch: Watch;
}

/** Reads in a read-only transaction that is rolled back; a failure to observe is told as one. */
// eslint-disable-next-line max-params -- the moment belongs to the read, not to who reads
export async function reading<T>(
  world: World,
  reader: Reader,
  work: (session: Session) => Promise<T>,
  moment: 'each' | 'one' = 'each',
): Promise<ReadResult<T>> {
  const limits = moment === 'one' ? CATALOG_LIMITS : READ_LIMITS;
  return await withReader(world, { ...reader, ...limits }, (session) =>
    readOnly(session, () => work(session), moment),
  );
}

/** One session for many reads, each in a read-only transaction of its own that is rolled back. */
export type Read = <T>(work: (session: Session) => Promise<T>) => Promise<ReadResult<T>>;

/** Keeps a session for as long as `work` lasts. */
export async function readingOften<T>(
  world: World,
  reader: Reader,
  work: (read: Read) => Promise<T>,
): Promise<T> {
  return await withReader(world, { ...reader, ...READ_LIMITS }, (session) =>
    work((one) => readOnly(session, () => one(session), 'each')),
  );
}

async function withReader<T>(
  world: World,
  { database, role, watch, ...limits }: Reader & { lockTimeoutMs: number; statementTimeoutMs: number },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const endpoint = await endpointFor(world, database, role);
  const settings = {
    application: 'one-roof read',
    ...limits,
    readOnly: true,
    opened: openedIn(world, database),
    signal: watch.signal,
  } as const;
  try {
    return await revealing(world, () => withSession(endpoint, settings, work));
  } catch (error) {
    throw asObservation(error);
  }
}

/**
 * A failure to observe is no verdict: time-outs, full disks and missing grants undo nothing. DESIGN.md §5. A statement that
 * fails by itself stays what it is.
 */
function asObservation(error: unknown): unknown {
  if (!(error instanceof ReleaseError)) return error;
  const state = error.details['sqlstate'];
  if (state === '42501')
    return new ReleaseError('READ_REFUSED', error.message, { details: error.details, cause: error });
  const isOutage = typeof state === 'string' && (state === '57014' || /^(53|58|XX)/.test(state));
  return isOutage
    ? new ReleaseError('OBSERVATION_FAILED', error.message, { details: error.details, cause: error })
    : error;
}
