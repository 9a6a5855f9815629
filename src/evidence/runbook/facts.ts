import type { BreakGlassFile } from '../../core/rules/break-glass';
import type { EffectiveGate } from '../../core/rules/effective-gate';
import { milliseconds } from '../../core/rules/milliseconds';
import type { ReviewedRehearsal } from '../../core/rules/review';
import type { RehearsedTier } from '../../core/schema/outcome';
import { FULL_SCOPE } from '../../core/schema/plan';
import type { ReleasePlan } from '../../core/schema/plan';
import type { Policy } from '../../core/schema/target';
import { duration } from '../amounts';

/** What a runbook is made from: the package, its last passing rehearsal, and what is known of the target. */
export interface RunbookFacts {
  /** The package's folder, as it was typed. */
  readonly folder: string;
  readonly plan: ReleasePlan;
  /** Its name; `TARGET` where nobody said which one. */
  readonly target: string;
  /** Those of the package, and of the target's policy where it is known. */
  readonly gates: readonly EffectiveGate[];
  /** null: the target's policy is not known here. */
  readonly policy: Policy | null;
  /** The role as which tiers run. */
  readonly executor: string;
  /** The libpq service of the target, where it has one. */
  readonly service: string | null;
  /** The SHA-256 of its registration's nonce, where it is known. */
  readonly registration: string | null;
  readonly contacts: Readonly<Record<string, string>>;
  /** What the manifest lists, in its order. */
  readonly files: readonly string[];
  readonly breakGlass: readonly BreakGlassFile[];
  readonly rehearsal: ReviewedRehearsal | null;
  /** Why there is no rehearsal to show. */
  readonly unread: string | null;
  /** ms since 1970 */
  readonly now: number;
}

/** ` --scope option-3`, where it must be said. */
export function scopeOption({ scope }: ReleasePlan): string {
  return scope === FULL_SCOPE ? '' : ` --scope ${scope}`;
}

/** What became of a tier in rehearsal. */
export function rehearsedTier({ rehearsal }: RunbookFacts, id: string): RehearsedTier | undefined {
  return rehearsal?.outcome.tiers.find((tier) => tier.id === id);
}

/** How long a stage took in rehearsal; nothing where that was not measured. */
export function stageTime({ rehearsal }: RunbookFacts, stage: string): string {
  const ms = rehearsal?.outcome.stages.find((each) => each.stage === stage && each.state === 'done')?.ms;
  return ms === undefined ? '' : duration(ms);
}

/** How long a tier took in rehearsal; nothing where it was not applied there. */
export function tierTime(facts: RunbookFacts, id: string): string {
  const tier = rehearsedTier(facts, id);
  return tier?.outcome === 'applied' ? duration(tier.ms) : '';
}

/** How long all tiers took in rehearsal; null where one of them was not measured. */
export function allTiersTime({ plan, rehearsal }: RunbookFacts): string | null {
  const found = plan.tiers.map(({ id }) => rehearsal?.outcome.tiers.find((tier) => tier.id === id));
  const times = found.flatMap((tier) => (tier?.outcome === 'applied' ? [tier.ms] : []));
  return times.length < plan.tiers.length ? null : duration(times.reduce((sum, ms) => sum + ms, 0));
}

/** Until when a release takes the rehearsal, ISO; null: that is not known, or it needs none. */
export function countsUntil({ rehearsal, policy }: RunbookFacts): string | null {
  if (rehearsal === null || policy?.rehearsal.required !== true) return null;
  const age = milliseconds(policy.rehearsal.maxAge);
  return new Date(Date.parse(rehearsal.outcome.endedAt) + age).toISOString();
}

/** `lead-a or dba-a`; what stands for nobody in particular is said by the caller. */
export function anyOf(names: readonly string[] | undefined, nobody: string): string {
  return names === undefined ? nobody : names.join(' or ');
}
