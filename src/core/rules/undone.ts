import type { EvaluationOutcome } from '../schema/evaluation';
import type { RehearsalOutcome, ReleaseOutcome } from '../schema/outcome';

/** Was it there to roll back another release, and did? One that went on with it and then failed has an error. */
export function isUndone(outcome: RehearsalOutcome | ReleaseOutcome | EvaluationOutcome): boolean {
  if (outcome.kind !== 'release' || outcome.outcome !== 'rolled back') return false;
  const { recovers, rollsBack, error } = outcome;
  return (recovers ?? rollsBack) !== undefined && error === undefined;
}
