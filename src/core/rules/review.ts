import type { StatementMeasure } from '../schema/attempt';
import type { Metrics } from '../schema/name';
import type { RehearsalOutcome, RehearsedTier, Status } from '../schema/outcome';
import type { PlannedTier, ReleasePlan } from '../schema/plan';
import type { NotesRead } from './judge-risk-note';
import { locksKept } from './tier-locks';

/** What an approver is asked, and what is known of it. */
export interface Review {
  readonly status: Status;
  readonly plan: ReleasePlan;
  readonly rehearsal: ReviewedRehearsal | null;
  /** Why the rehearsal cannot be shown, where there is one. */
  readonly unread: string | null;
  /** The schema of the source when it was rehearsed, its digest; left out or null: the store does not tell. */
  readonly schemaThen?: string | null;
  /** What a linter notes of the package; left out: nobody asked it. */
  readonly notes?: NotesRead;
  /** ms since 1970 */
  readonly now: number;
}

export interface ReviewedRehearsal {
  readonly outcome: RehearsalOutcome;
  /** Of each tier, what each statement did; a tier whose measures are not kept is left out. */
  readonly measures: Readonly<Record<string, readonly StatementMeasure[]>>;
}

/** Held until the end of the tier's transaction: nobody else reads the table meanwhile. */
const EXCLUSIVE = 'AccessExclusiveLock';
const LONG_MS = 1_000;
const OLD_MS = 86_400_000;

/** What a careful approver would ask about, in sentences; none: nothing was found. */
export function risksOf(review: Review): readonly string[] {
  const { status, plan, rehearsal, now } = review;
  return [
    ...(rehearsal === null ? ['It was not rehearsed, or its rehearsal cannot be read here.'] : []),
    ...(status.approving?.assurance === 'claimed'
      ? ['Names of approvers are only claimed on this target: nothing proves who approves.']
      : []),
    ...(rehearsal === null ? [] : ageOf(rehearsal.outcome, now)),
    ...(isSameSchema(review) === false ? ['The schema of the target has changed since the rehearsal.'] : []),
    ...plan.tiers.flatMap(risksOfPlan),
    ...(rehearsal?.outcome.tiers ?? []).flatMap(risksOfProof),
    ...Object.entries(rehearsal?.measures ?? {}).flatMap(([tier, measures]) => risksOfLocks(tier, measures)),
  ];
}

/** What has moved in the database since it was rehearsed: metric, then and now. */
export function movedSince({ status, rehearsal }: Review): readonly (readonly [string, string, string])[] {
  if (rehearsal === null) return [];
  const then: Metrics = rehearsal.outcome.baseline.entry;
  const now = status.approving?.entry ?? {};
  return Object.keys(then)
    .filter((metric) => metric in now && String(now[metric]) !== String(then[metric]))
    .map((metric) => [metric, String(then[metric]), String(now[metric])]);
}

/** Whether the schema that an approval is bound to is the one that was rehearsed; null: one of the two is not known here. */
export function isSameSchema({ status, schemaThen }: Review): boolean | null {
  const now = status.approving?.schema ?? null;
  return now === null || typeof schemaThen !== 'string' ? null : now === schemaThen;
}

/** How long its tiers took in rehearsal, ms; null where one of them was not measured. */
export function rehearsedMs({ plan, rehearsal }: Review): number | null {
  if (rehearsal === null) return null;
  const took = new Map(rehearsal.outcome.tiers.map((tier) => [tier.id, tier.ms]));
  return plan.tiers.every(({ id }) => took.has(id))
    ? plan.tiers.reduce((sum, { id }) => sum + (took.get(id) ?? 0), 0)
    : null;
}

function ageOf({ endedAt }: RehearsalOutcome, now: number): string[] {
  const days = Math.floor((now - Date.parse(endedAt)) / OLD_MS);
  return days < 1 ? [] : [`The rehearsal is ${days} ${days === 1 ? 'day' : 'days'} old.`];
}

function risksOfPlan({ id, irreversible, rules }: PlannedTier): string[] {
  return [
    ...(irreversible === null ? [] : [`${id} cannot be rolled back: ${irreversible}`]),
    ...(rules.transaction ? [] : [`${id} runs outside a transaction: others see it halfway.`]),
    ...(rules.batch === undefined ? [] : [`${id} runs in batches: others see it halfway.`]),
  ];
}

function risksOfProof({ id, outcome, rollback, differences }: RehearsedTier): string[] {
  if (outcome === 'already applied')
    return [`${id} is in effect already: this release neither applies it nor rolls it back.`];
  if (rollback === null || rollback === 'identical') return [];
  return [`The rollback of ${id} was ${rollback}: ${differences.slice(0, 3).join('; ')}`];
}

function risksOfLocks(tier: string, measures: readonly StatementMeasure[]): string[] {
  const total = measures.reduce((sum, { ms }) => sum + ms, 0);
  const rewritten = [...new Set(measures.flatMap(({ rewrites }) => rewrites))];
  const held = locksKept(measures).filter(({ mode, ms }) => mode === EXCLUSIVE && ms >= LONG_MS);
  return [
    ...held.map(
      ({ relation, ms }) =>
        `${tier} keeps everybody away from ${relation} for ${Math.round(ms)} ms of ${Math.round(total)} ms.`,
    ),
    ...(rewritten.length === 0 ? [] : [`${tier} rewrites ${rewritten.join(', ')}.`]),
  ];
}
