import type { BudgetRule, TimeLimit } from '../schema/budget';
import type { TierBlast } from '../schema/blast';
import { milliseconds } from './milliseconds';

/** What a tier may cost: the package's budget, and key by key its own in its place. */
export function budgetOf(
  ofPackage: BudgetRule | undefined,
  ofTier: BudgetRule | undefined,
): BudgetRule | undefined {
  return ofPackage === undefined && ofTier === undefined ? undefined : { ...ofPackage, ...ofTier };
}

/** What an attempt has cost so far. */
export interface Cost {
  readonly ms: number;
  readonly blast: Pick<TierBlast, 'longestLock' | 'rewrites'>;
}

/** What a tier has cost beyond its budget, in words with the figures; none: it kept to it. */
export function breachesOf(budget: BudgetRule, { ms, blast }: Cost): readonly string[] {
  const { maxLock, maxDuration, noRewrite } = budget;
  const { longestLock, rewrites } = blast;
  const held = longestLock?.ms ?? 0;
  return [
    ...(longestLock !== null && maxLock !== undefined && held > milliseconds(maxLock)
      ? [
          `${longestLock.relation} was locked for ${Math.round(held)} ms (${longestLock.mode}, which blocks ${longestLock.blocks}), and maxLock is ${maxLock}`,
        ]
      : []),
    ...(maxDuration !== undefined && ms > milliseconds(maxDuration)
      ? [`it took ${Math.round(ms)} ms, and maxDuration is ${maxDuration}`]
      : []),
    ...(noRewrite === true && rewrites.length > 0
      ? [`it rewrote ${rewrites.join(', ')}, and noRewrite is set`]
      : []),
  ];
}

/** No limit by the rehearsal is shorter: what took milliseconds on a clone may wait for a lock or a cold cache in production. */
export const SHORTEST_LIMIT_MS = 5_000;

/** When an attempt in production is stopped, by what the rehearsal took; undefined: neither was said. */
export function limitOf(
  { tolerance }: Pick<BudgetRule, 'tolerance'>,
  rehearsedMs: number | undefined,
): TimeLimit | undefined {
  if (tolerance === undefined || rehearsedMs === undefined || rehearsedMs === 0) return undefined; // 0: it was in effect there already
  return { ms: Math.max(Math.round(rehearsedMs * tolerance), SHORTEST_LIMIT_MS), rehearsedMs, tolerance };
}
