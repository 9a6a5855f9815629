import { sleep } from '@temporalio/workflow';
import { milliseconds } from '../core/rules/milliseconds';
import { modeOf } from '../core/rules/tier-mode';
import type { Retry } from '../core/rules/trying-again';
import type { AttemptResult, GateQuery, TierAttempt } from '../core/schema/attempt';
import type { TimeLimit } from '../core/schema/budget';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { PlannedTier, ReleasePlan } from '../core/schema/plan';
import { ask } from './asking';
import type { Place } from './asking';
import { isRetryable, judge } from './verdict';

/** What all attempts of one claim share. */
export interface Claimed {
  readonly release: string;
  readonly claim: number;
  readonly plan: ReleasePlan;
  readonly database: DatabaseRef;
  readonly registration: TierAttempt['registration'];
  readonly place: Place;
  /** How long a tier may keep trying. */
  readonly budget: string;
  /** The server as it was before the first tier, where that is known. */
  readonly server?: TierAttempt['hold']['server'];
  /** Rollbacks are of another release's tiers, and take away what others have written since. */
  readonly of?: string;
  /** Told when an attempt failed and another will follow. */
  readonly onRetry: (retry: Retry) => void;
}

export interface Wanted {
  readonly tier: PlannedTier;
  readonly direction: TierAttempt['direction'];
  readonly gates?: readonly GateQuery[];
  readonly repeat?: true;
  /** When an attempt is stopped, by what the rehearsal took. */
  readonly limit?: TimeLimit;
  /** A rollback of another release's tier, on a clone where nobody else has written. */
  readonly of?: string;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 15_000;

/** Numbers every attempt within a claim, always rising, and tries again what another session or a lost server undid. */
export class TierRunner {
  private ordinal = 0;
  private tip: number | undefined;
  attempts = 0;

  constructor(private readonly claimed: Claimed) {}

  get claim(): number {
    return this.claimed.claim;
  }

  /** One tier, as often as it takes within the budget. @throws the failure that is no use to repeat. */
  async run(wanted: Wanted): Promise<AttemptResult> {
    let deadline = Date.now() + milliseconds(this.claimed.budget);
    this.attempts = 0;
    for (;;) {
      this.attempts += 1;
      const begunAt = Date.now();
      try {
        const result = await this.attempt(wanted);
        if (isCommitted(result) && wanted.repeat !== true) this.tip = this.ordinal;
        return result;
      } catch (error) {
        if (hasComeFurther(wanted, error, begunAt)) deadline = Date.now() + milliseconds(this.claimed.budget);
        if (!isRetryable(error) || Date.now() > deadline) throw error;
        const { code, message } = judge(error);
        this.claimed.onRetry({ why: `${code}: ${firstLine(message)}`, until: deadline });
        await sleep(pauseMs(this.attempts), { summary: `${wanted.tier.id}: again after ${code}` });
      }
    }
  }

  /** What the database must still show. */
  private known(): Pick<TierAttempt['hold'], 'tip' | 'server'> {
    const { server } = this.claimed;
    return {
      ...(this.tip === undefined ? {} : { tip: this.tip }),
      ...(server === undefined ? {} : { server }),
    };
  }

  private attempt(wanted: Wanted): Promise<AttemptResult> {
    const { release, claim, plan, database, registration, place } = this.claimed;
    const of = wanted.of ?? this.claimed.of;
    this.ordinal += 1;
    const { tier, direction, limit } = wanted;
    const attempt: TierAttempt = {
      database,
      package: plan.package,
      tier,
      hold: { release, claim, ordinal: this.ordinal, ...this.known() },
      direction,
      gates: [...(wanted.gates ?? [])],
      probe: plan.probe,
      registration,
      repeat: wanted.repeat === true,
      ...(limit === undefined ? {} : { limit }),
      ...(of === undefined ? {} : { of, acceptsLoss: true }),
    };
    const again = this.attempts > 1 ? `, attempt ${this.attempts}` : '';
    return direction === 'apply'
      ? ask(
          place.attempts.applyTier,
          `${tier.id}: ${tier.statements} statements${wanted.repeat === true ? ', repeated' : ''}${again}`,
          attempt,
        )
      : ask(place.attempts.rollBackTier, `${tier.id}: its rollback section${again}`, attempt);
  }
}

/** Did this very attempt commit? One that found the tier applied has committed nothing. */
function isCommitted(result: AttemptResult): boolean {
  return 'found' in result && !result.found;
}

/** A worker that dies says nothing: an attempt that lasted so long before it did has not only waited. */
const SURELY_WORKED_MS = 60_000;

/** A backfill may take longer than any budget: what is tried again counts from the last attempt that came further. */
function hasComeFurther({ tier }: Wanted, error: unknown, begunAt: number): boolean {
  const { code, details } = judge(error);
  const batches = details['batches'];
  if (modeOf(tier.rules) !== 'batch' || batches === 0) return false;
  if (typeof batches === 'number') return true;
  return code === 'SESSION_LOST' && Date.now() - begunAt > SURELY_WORKED_MS;
}

/** Rising pauses with jitter, so that two that met do not meet again. `Math.random` is seeded in workflows. */
function pauseMs(attempts: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempts, LONGEST_PAUSE_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
