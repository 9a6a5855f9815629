import { setTimeout as wait } from 'node:timers/promises';
import { blockedBy } from '../../core/rules/lock-conflicts';
import type { LockHeld } from '../../core/schema/blast';
import type { Known } from '../observed';
import type { Beside } from '../onlooker';
import type { Session } from '../session';

const LOCKS = `
select relation::text as oid, mode from pg_catalog.pg_locks
 where pid = $1 and granted and locktype = 'relation' and mode <> 'AccessShareLock'`;

/** Often at first, for what is short; a long statement is not disturbed. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;
/** How long the session beside may take to be there: the statement waits no longer for it. */
const OPENING_MS = 500;

/** A lock as it was seen from outside; `relation` is its oid. */
interface Seen extends LockHeld {
  readonly firstAt: number;
}

/**
 * The locks of a statement that has transactions of its own are gone when it ends: they are looked at from a session beside it,
 * and a lock counts from the first to the last time that it was seen. What lasts for less than a look is missed.
 */
export async function seeingLocks(
  work: () => Promise<void>,
  pid: number,
  beside: Beside | undefined,
): Promise<readonly LockHeld[]> {
  const seen = new Map<string, Seen>();
  const ended = new AbortController();
  let isOpen: () => void = () => undefined;
  const open = new Promise<void>((resolve) => (isOpen = resolve));
  const looking =
    beside === undefined
      ? undefined
      : lookUntil(ended.signal, beside, (session) => look(session, pid, seen).finally(isOpen));
  if (looking !== undefined) await Promise.race([open, looking, wait(OPENING_MS, undefined, { ref: false })]);
  try {
    await work();
  } finally {
    ended.abort();
    await Promise.race([looking, wait(OPENING_MS, undefined, { ref: false })]);
  }
  return [...seen.values()].map(({ relation, mode, heldMs, blocks }) => ({
    relation,
    mode,
    ...(heldMs === undefined ? {} : { heldMs }),
    ...(blocks === undefined ? {} : { blocks }),
  }));
}

/** Those of relations that were there before, by name. */
export function knownLocks(locks: readonly LockHeld[], known: ReadonlyMap<string, Known>): LockHeld[] {
  return locks.flatMap((lock) => {
    const relation = known.get(lock.relation)?.relation;
    return relation === undefined || relation.startsWith('one_roof.') ? [] : [{ ...lock, relation }];
  });
}

async function look(session: Session, pid: number, seen: Map<string, Seen>): Promise<void> {
  const now = performance.now();
  for (const { oid, mode } of (await session.query(LOCKS, [pid])).rows) {
    const key = `${String(oid)} ${String(mode)}`;
    const firstAt = seen.get(key)?.firstAt ?? now;
    const lock = { relation: String(oid), mode: String(mode), blocks: blockedBy(String(mode)) };
    seen.set(key, { ...lock, firstAt, heldMs: now - firstAt });
  }
}

async function lookUntil(
  ended: AbortSignal,
  beside: Beside,
  once: (session: Session) => Promise<void>,
): Promise<void> {
  try {
    await beside(async (session) => {
      for (let pause = FIRST_PAUSE_MS; !ended.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        await once(session);
        await wait(pause, undefined, { signal: ended });
      }
    });
  } catch {
    return; // the statement has ended, or the server has no connection to spare: its locks are not seen
  }
}
