import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from './session';

/** Opens a session beside the one that works, hands it over, closes it. */
export type Beside = (look: (session: Session) => Promise<void>) => Promise<void>;

/** Statements that are done sooner are not looked at: nothing is opened for them. */
const PATIENCE_MS = 400;
const EVERY_MS = 1_000;
/** How long an end is waited for: a server that takes no connections must not hold up what it has done. */
const LEAVE_MS = 1_000;

/**
 * Runs work, and while it takes long looks on from a session beside it, once a second. What the look finds or fails at never
 * disturbs the work.
 */
export async function lookingOn<T>(
  work: () => Promise<T>,
  look: (session: Session) => Promise<void>,
  beside: Beside | undefined,
): Promise<T> {
  if (beside === undefined) return work();
  const ended = new AbortController();
  const watching = watchOver(ended.signal, (session) => look(session), beside);
  try {
    return await work();
  } finally {
    ended.abort();
    await Promise.race([watching, wait(LEAVE_MS, undefined, { ref: false })]);
  }
}

async function watchOver(
  ended: AbortSignal,
  look: (session: Session) => Promise<void>,
  beside: Beside,
): Promise<void> {
  try {
    await wait(PATIENCE_MS, undefined, { signal: ended });
    await beside(async (session) => {
      while (!ended.aborted) {
        await look(session);
        await wait(EVERY_MS, undefined, { signal: ended });
      }
    });
  } catch {
    return; // the work has ended, or the server has no connection to spare: the work goes on unseen
  }
}
