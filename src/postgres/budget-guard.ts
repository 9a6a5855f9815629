import { breachesOf } from '../core/rules/budget';
import type { Cost } from '../core/rules/budget';
import { isInTheWay } from '../core/rules/lock-conflicts';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import { blastOf } from '../core/rules/tier-blast';
import type { StatementMeasure, TierAttempt } from '../core/schema/attempt';
import type { TimeLimit } from '../core/schema/budget';
import { locksHeldFor } from './locks-held';
import type { Session } from './session';
import type { Stopper } from './stopper';

/** Granted, and in the way of writers or readers. */
const IN_THE_WAY = `
select distinct relation::text as oid from pg_catalog.pg_locks
 where pid = $1 and granted and locktype = 'relation'
   and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/** Judges an apply by its budget. @throws BUDGET_EXCEEDED with the figures */
export function verifyCost(attempt: TierAttempt, cost: Cost): void {
  const { tier, limit, registration, direction, repeat } = attempt;
  if (direction !== 'apply' || repeat) return;
  const isLate = registration === 'production' && limit !== undefined && cost.ms > limit.ms;
  const breaches = [...breachesOf(tier.rules.budget ?? {}, cost), ...(isLate ? [tooLong(limit)] : [])];
  if (breaches.length === 0) return;
  throw new ReleaseError('BUDGET_EXCEEDED', `tier ${tier.id}: ${breaches.join('; ')}`, {
    details: { ms: cost.ms, blast: cost.blast },
  });
}

function tooLong({ ms, rehearsedMs, tolerance }: TimeLimit): string {
  return `it took longer than ${Math.round(ms)} ms; its rehearsal took ${Math.round(rehearsedMs)} ms, and tolerance is ${tolerance}`;
}

/**
 * Holds the apply of a tier to its budget. On a clone it is judged before its commit, so that the figures are those of all of
 * it; in production it is judged after each statement too, and stopped on the server when a time is over.
 */
export class BudgetGuard {
  private beganAt = performance.now();
  /** When the statement began that took the first lock that is in the way. */
  private lockedAt: number | undefined;
  private readonly isEnforced: boolean;

  constructor(
    private readonly attempt: TierAttempt,
    private readonly stopper: Stopper | undefined,
  ) {
    this.isEnforced = attempt.registration === 'production' && attempt.direction === 'apply';
  }

  /** The first statement comes next. */
  begin(): void {
    this.beganAt = performance.now();
    this.setTime();
  }

  /** After a statement. @throws BUDGET_EXCEEDED, in production */
  after(measures: readonly StatementMeasure[]): void {
    if (!this.isEnforced) return;
    this.verify(measures);
    const first = measures.find(({ locks }) =>
      locks.some(({ blocks, isNew }) => blocks !== undefined && isInTheWay(blocks) && isNew !== true),
    );
    if (first !== undefined) this.sawLock(this.beganAt + (first.startedMs ?? 0));
  }

  /** From outside, while a statement runs long that began at `startedAt`: does it hold a lock by now that is in the way? */
  async look(
    beside: Session,
    running: { pid: number; startedAt: number; knew: (oid: string) => boolean },
  ): Promise<void> {
    if (!this.isEnforced || this.budget.maxLock === undefined || this.lockedAt !== undefined) return;
    const { rows } = await beside.query(IN_THE_WAY, [running.pid]);
    if (rows.some((row) => running.knew(String(row['oid'])))) this.sawLock(running.startedAt);
  }

  /** Before the commit. @throws BUDGET_EXCEEDED with the figures */
  verify(measures: readonly StatementMeasure[]): void {
    const ms = performance.now() - this.beganAt;
    verifyCost(this.attempt, { ms, blast: blastOf(locksHeldFor(measures, ms)) });
  }

  private get budget() {
    return this.attempt.tier.rules.budget ?? {};
  }

  private sawLock(at: number): void {
    if (this.lockedAt !== undefined) return;
    this.lockedAt = at;
    this.setTime();
  }

  /** The stopper has one time: that which is over first. */
  private setTime(): void {
    if (!this.isEnforced) return;
    const [first] = [...this.times()].sort((one, other) => one.at - other.at);
    if (first !== undefined)
      this.stopper?.stopIn(
        first.at - performance.now(),
        `tier ${this.attempt.tier.id} was stopped: ${first.why}`,
      );
  }

  private times(): readonly { readonly at: number; readonly why: string }[] {
    const { maxLock, maxDuration } = this.budget;
    const { limit } = this.attempt;
    return [
      ...(maxDuration === undefined
        ? []
        : [
            {
              at: this.beganAt + milliseconds(maxDuration),
              why: `it took longer than maxDuration, ${maxDuration}`,
            },
          ]),
      ...(maxLock === undefined || this.lockedAt === undefined
        ? []
        : [
            {
              at: this.lockedAt + milliseconds(maxLock),
              why: `it kept others from reading or writing for longer than maxLock, ${maxLock}`,
            },
          ]),
      ...(limit === undefined
        ? []
        : [
            {
              at: this.beganAt + limit.ms,
              why: tooLong(limit),
            },
          ]),
    ];
  }
}
