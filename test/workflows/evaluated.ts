import type { TierAttempt } from '../../src/core/schema/attempt';
import { PACKAGE, plannedTier } from '../support/prepared';
import { APPLIED, ROLLED_BACK, audited } from './well';
import type { Told } from './well';

const TIERS: Readonly<Record<string, readonly string[]>> = { part: ['10_a'], full: ['10_a', '20_b'] };

/** The audit of a package with a part and the whole: each scope has its tiers. */
export function auditedScopes(): NonNullable<Told['auditOrder']> {
  return (order) => {
    const tiers = (TIERS[order.scope] ?? []).map((id) => plannedTier(id));
    return audited({ package: PACKAGE, scope: order.scope, tiers, gates: [] })(order);
  };
}

/** A clone with a ledger: a tier is in effect by whoever applied it last. Each attempt is noted with its rehearsal's number. */
export function ledgers(asked: string[] = []) {
  const inEffect = new Map<string, string>();
  const keyOf = ({ database, tier }: TierAttempt): string => `${database.clone?.nonce ?? ''} ${tier.id}`;
  return {
    applyTier: (attempt: TierAttempt) => {
      const by = inEffect.get(keyOf(attempt));
      if (by !== undefined && by !== attempt.hold.release)
        return { outcome: 'already applied', release: by } as const;
      inEffect.set(keyOf(attempt), attempt.hold.release);
      asked.push(`${numberOf(attempt)}: apply ${attempt.tier.id}`);
      return APPLIED;
    },
    rollBackTier: (attempt: TierAttempt) => {
      const by = inEffect.get(keyOf(attempt));
      if (by !== (attempt.of ?? attempt.hold.release)) return { outcome: 'not applied' } as const;
      inEffect.delete(keyOf(attempt));
      asked.push(`${numberOf(attempt)}: roll back ${attempt.tier.id}`);
      return ROLLED_BACK;
    },
  };
}

/** `…1` the part, `…2` the whole, `…3` the rest after the part, where `.part` is what was released before. */
function numberOf({ hold }: TierAttempt): string {
  return /(\d(\.\w+)?)$/.exec(hold.release)?.[1] ?? '';
}
