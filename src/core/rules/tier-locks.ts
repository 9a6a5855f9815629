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
