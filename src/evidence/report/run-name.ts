import type { ScopeRun } from '../../core/schema/evaluation';

/** What a rehearsed scope is called in every table. */
export function nameOf({ scope, after }: Pick<ScopeRun, 'scope' | 'after'>): string {
  return after.length === 0 ? scope : `${scope} after ${after.join(', ')}`;
}
