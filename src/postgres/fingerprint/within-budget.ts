import { DatabaseError } from 'pg';
import type { ClientBase } from 'pg';

/** How long rows may be read, and who hears which tables were not, and why. */
export interface ReadingBudget {
  readonly ms: number;
  readonly unread: (table: string, why: string) => void;
}

/** One try of a reading inside its transaction; undefined: there was no time, no lock or no privilege for it. */
export type Attempt = <T>(table: string, work: () => Promise<T>) => Promise<T | undefined>;

const NO_TIME = '57014';
const WHY: Readonly<Record<string, string>> = {
  [NO_TIME]: 'no time was left',
  '55P03': 'another session holds it',
  '42501': 'the role may not read it',
};

/** Each reading in a savepoint of its own, so that one that is cut off leaves the transaction as it was. */
export function withinBudget(client: ClientBase, { ms, unread }: ReadingBudget): Attempt {
  const end = performance.now() + ms;
  return async (table, work) => {
    const left = Math.ceil(end - performance.now());
    if (left <= 0) {
      unread(table, WHY[NO_TIME] ?? '');
      return undefined;
    }
    await client.query('savepoint one_roof_reading');
    try {
      await client.query(`set local statement_timeout = ${left}`);
      return await work();
    } catch (error) {
      const why = whyUnread(error, end);
      if (why === undefined) throw error;
      unread(table, why);
      return undefined;
    } finally {
      await client.query('rollback to savepoint one_roof_reading').catch(() => undefined); // a lost session says so itself
    }
  };
}

/** A statement that is cancelled before its time is up was cancelled by whoever waits for it: that ends the whole. */
function whyUnread(error: unknown, end: number): string | undefined {
  if (!(error instanceof DatabaseError) || error.code === undefined) return undefined;
  return error.code === NO_TIME && performance.now() < end - 1 ? undefined : WHY[error.code];
}
