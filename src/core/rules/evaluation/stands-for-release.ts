import type { RehearsalOutcome } from '../../schema/outcome';

/** Does a rehearsal show what a release would do? One that began with a scope that is not in effect in its source shows another way. */
export function standsForRelease({ outcome, evaluated }: RehearsalOutcome): boolean {
  return outcome === 'rehearsed' && (evaluated?.after ?? []).length === 0;
}
