import type { StatementMeasure } from '../schema/attempt';

/** A lock that a tier took and kept until its end. */
export interface KeptLock {
  readonly relation: string;
  readonly mode: string;
  /** From the statement that took it to the last one of its tier. */
  readonly ms: number;
}

/** The locks of one tier, in the order in which they were taken. */
export function locksKept(measures: readonly StatementMeasure[]): readonly KeptLock[] {
  return measures.flatMap(({ locks }, index) => {
    const ms = measures.slice(index).reduce((sum, statement) => sum + statement.ms, 0);
    return locks.map(({ relation, mode }) => ({ relation, mode, ms }));
  });
}

/** Modes that hold up readers or writers of a table. */
const HOLDING = new Set(['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']);

/** The locks that hold up readers or writers of these relations: each relation and mode once, with the longest time. */
export function holdingLocks(
  measures: readonly StatementMeasure[],
  relations: ReadonlySet<string>,
): readonly KeptLock[] {
  const longest = new Map<string, KeptLock>();
  for (const lock of locksKept(measures)) {
    const key = `${lock.relation} ${lock.mode}`;
    const isHolding = HOLDING.has(lock.mode) && relations.has(lock.relation);
    if (isHolding && (longest.get(key)?.ms ?? -1) < lock.ms) longest.set(key, lock);
  }
  return [...longest.values()];
}
