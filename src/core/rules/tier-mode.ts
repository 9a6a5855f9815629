import type { TierRule } from '../schema/descriptor';

/**
 * How a tier takes effect: all in one transaction · statement by statement outside any, each converging · in batches, each in a
 * transaction of its own.
 */
export type TierMode = 'transaction' | 'autocommit' | 'batch';

export function modeOf({ batch, transaction }: Pick<TierRule, 'batch' | 'transaction'>): TierMode {
  if (batch !== undefined) return 'batch';
  return transaction ? 'transaction' : 'autocommit';
}
