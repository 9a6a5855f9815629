import type { StatementMeasure } from '../schema/attempt';
import { blockedBy, isInTheWay } from './lock-conflicts';

/** A lock that a tier took and kept until its end. */
export interface KeptLock {
  readonly relation: string;
  readonly mode: string;
  /** To the end of the transaction, where that was measured; else to the last statement of its tier. */
  readonly ms: number;
}

/** The locks of one tier, in the order in which they were taken; what it made itself is known to nobody else. */
export function locksKept(measures: readonly StatementMeasure[]): readonly KeptLock[] {
  return measures.flatMap(({ locks }, index) => {
    const ms = measures.slice(index).reduce((sum, statement) => sum + statement.ms, 0);
    return locks
      .filter(({ isNew }) => isNew !== true)
      .map(({ relation, mode, heldMs }) => ({ relation, mode, ms: heldMs ?? ms }));
  });
}

/** The locks that keep others from reading or writing these relations: each relation and mode once, with the longest time. */
export function holdingLocks(
  measures: readonly StatementMeasure[],
  relations: ReadonlySet<string>,
): readonly KeptLock[] {
  const longest = new Map<string, KeptLock>();
  const felt = measures
    .flatMap(({ locks }) => locks)
    .filter(({ relation, mode }) => relations.has(relation) && isInTheWay(blockedBy(mode)));
  for (const { relation, mode, heldMs: ms = 0 } of felt) {
    const key = `${relation} ${mode}`;
    if ((longest.get(key)?.ms ?? -1) < ms) longest.set(key, { relation, mode, ms });
  }
  return [...longest.values()];
}
