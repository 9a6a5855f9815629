import type { Held } from '../wire/relay';
import type { World } from '../world/world';
import type { Started } from './people';
import type { RunPlan } from './plan';
import type { Stocked } from './stocked';

/** One run as it goes: what was started, what was hit, what was seen. */
export interface Trial {
  readonly world: World;
  readonly plan: RunPlan;
  readonly stocked: Stocked;
  /** What pg_dump said of the target before it began. */
  readonly before: readonly string[];
  /** Fires when everything that was started has ended. */
  readonly over: AbortController;
  /** What was started, the first one first. */
  readonly started: Started[];
  /** How approvals are given from now on. */
  approvals: 'plain' | 'doubled' | 'late';
  /** Ended by Temporal's terminate: its end is not told by itself. */
  readonly terminated: Set<string>;
  /** Times of the server between which a stranger held the session lock. */
  readonly strangerHeld: { from: string; to: string }[];
  readonly violations: string[];
  /** What was held for a person, and how it was decided. */
  readonly notes: string[];
  /** Faults that wait for a moment in people's doings. */
  readonly moments: Map<string, (done: () => void) => void>;
}

/** A point that was reached; the session that stands still there, where it is one. */
export interface Hit {
  readonly held: Held | undefined;
}

/** The first workflow, once it has been started. */
export async function firstOf(trial: Trial): Promise<Started> {
  for (;;) {
    const [first] = trial.started;
    if (first !== undefined) return first;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** People come to a moment: a fault that waits for it strikes now, and they go on when it is over. */
export async function come(trial: Trial, moment: string): Promise<void> {
  const strike = trial.moments.get(moment);
  if (strike === undefined) return;
  trial.moments.delete(moment);
  await new Promise<void>((resolve) => strike(resolve));
}
