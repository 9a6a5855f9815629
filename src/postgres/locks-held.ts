import { blastOf } from '../core/rules/tier-blast';
import type { StatementMeasure } from '../core/schema/attempt';
import type { Attempted } from './attempt-work';

/** After the transaction has ended: how long each lock was held, and the blast radius of it all. */
export function withLocksHeld(attempted: Attempted): Attempted {
  const { result, beganAt } = attempted;
  if (beganAt === undefined || !('found' in result)) return attempted;
  const measures = locksHeldFor(attempted.measures, performance.now() - beganAt);
  return { ...attempted, measures, result: { ...result, blast: blastOf(measures) } };
}

/**
 * `endMs`: since the first statement began. A lock counts from the beginning of its statement: who waits for a lock already
 * keeps those waiting who come after.
 */
export function locksHeldFor(
  measures: readonly StatementMeasure[],
  endMs: number,
): readonly StatementMeasure[] {
  return measures.map((measure) => {
    const heldMs = Math.max(endMs - (measure.startedMs ?? 0), 0);
    return { ...measure, locks: measure.locks.map((lock) => ({ ...lock, heldMs })) };
  });
}
