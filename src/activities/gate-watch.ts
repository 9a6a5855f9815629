import { setTimeout } from 'node:timers/promises';
import { factsOf } from '../core/rules/gate-facts';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import type { GatesAnswer } from '../core/schema/observation';
import { Policy } from '../core/schema/target';
import type { Watch } from './boundary';
import { readAsked } from './gate-questions';
import type { Asked, Questions } from './gate-questions';
import { readingOften } from './reading';
import type { Read } from './reading';
import { findTarget } from './world';
import type { World } from './world';

/** What is to be watched, and for how long. */
export interface WatchOrder extends Asked {
  /** The facts of the last answers; null: every answer is news. */
  readonly known: string | null;
  /** A duration: how long it rests between two readings. */
  readonly every: string;
  readonly forMs: number;
}

/** The last answers, and how often the target was asked for them. */
export interface GatesWatched {
  readonly answers: readonly GatesAnswer[];
  readonly rounds: number;
  readonly readAt: string;
  /** The target names somebody to be told. */
  readonly notifies: boolean;
  /** A gate that cannot be read for so long is an alarm, ms. */
  readonly alarmAfterMs: number;
}

/** Reads until there is news or the time is over, in one session for as long as that lives; one that is lost closes the gates. */
export async function watchUntilNews(
  world: World,
  order: WatchOrder & { readonly questions: Questions },
  watch: Watch,
): Promise<GatesWatched> {
  const { target } = order;
  const round = new Round(world, order, watch);
  for (;;) {
    try {
      return await readingOften(world, { database: { target }, watch, role: 'reader' }, (read) =>
        round.untilNews(read),
      );
    } catch (error) {
      if (watch.signal.aborted || !(error instanceof ReleaseError)) throw error;
      if (round.endSession() === 'had read') continue; // a session that has worked is lost: another one says whether the target is
      const news = round.judge(order.asked.map(() => ({ readings: [], unreadable: error.message })));
      if (news !== undefined) return news;
      await round.rest();
    }
  }
}

class Round {
  private isReading = false;
  private rounds = 0;
  private readonly end: number;

  constructor(
    private readonly world: World,
    private readonly order: WatchOrder & { readonly questions: Questions },
    private readonly watch: Watch,
  ) {
    this.end = Date.now() + order.forMs;
  }

  /** The session is lost: had it been of any use? */
  endSession(): 'had read' | 'never read' {
    const hadRead = this.isReading;
    this.isReading = false;
    return hadRead ? 'had read' : 'never read';
  }

  async untilNews(read: Read): Promise<GatesWatched> {
    for (;;) {
      const { answers } = await readAsked(this.world, this.order, read);
      this.isReading = true;
      const news = this.judge(answers);
      if (news !== undefined) return news;
      await this.rest();
    }
  }

  /** Are these answers news, or is the time over? */
  judge(answers: readonly GatesAnswer[]): GatesWatched | undefined {
    const { known, every, target } = this.order;
    this.rounds += 1;
    const readAt = new Date().toISOString();
    if (factsOf(answers) === known && Date.now() + milliseconds(every) < this.end) {
      this.watch.progress({
        what: 'gates read',
        done: this.rounds,
        total: 0,
        unit: 'readings',
        note: readAt,
      });
      return undefined;
    }
    const { notify, policy = Policy.parse({}) } = findTarget(this.world, target);
    const alarmAfterMs = milliseconds(policy.watch.alarmAfter);
    return { answers, rounds: this.rounds, readAt, notifies: notify.length > 0, alarmAfterMs };
  }

  async rest(): Promise<void> {
    await setTimeout(milliseconds(this.order.every), undefined, { signal: this.watch.signal });
  }
}
