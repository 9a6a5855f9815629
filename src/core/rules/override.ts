import type { ConditionKind, Unmet } from '../schema/condition';
import type { Quorum } from '../schema/gate-rule';
import type { EffectiveGate } from './effective-gate';

/** Names that begin so belong to the overrides of a policy. */
export const OVERRIDE_PREFIX = 'override.';

/** What stands in place of conditions that do not hold: each its own quorum, by the policy; none where the policy knows no override. */
export function overrideGates(
  kinds: readonly ConditionKind[],
  { tier, quorums }: { tier: string; quorums: Readonly<Record<string, Quorum>> | undefined },
): readonly EffectiveGate[] {
  if (quorums === undefined) return [];
  return [...new Set(kinds)].map((kind) => ({
    id: `${OVERRIDE_PREFIX}${kind}`,
    before: tier,
    approvals: quorums,
    source: 'target',
  }));
}

/** Is it no gate, but what lets a release go on against a condition? */
export function isOverride({ id }: { readonly id: string }): boolean {
  return id.startsWith(OVERRIDE_PREFIX);
}

/** `production: no window is open; …: until 2026-11-24T19:00:00.000Z` */
export function unmetInWords({ why, until }: Unmet): string {
  return until === null ? why : `${why}; until ${until}`;
}
