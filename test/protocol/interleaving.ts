import { ReleaseError } from '../../src/core/rules/release-error';
import type { Session } from '../../src/postgres/session';

/** How a session dies: before its message is sent, after its answer, or while the server works on it. */
export type Death = 'before' | 'after' | 'unanswered';

/** What befalls a session at one of its messages. */
export interface Fault {
  readonly at: number;
  readonly death: Death;
}

/** A message that stays unanswered so long waits for somebody's lock: others go on meanwhile. */
const BLOCKED_MS = 15;

interface Parked {
  readonly go: () => void;
}

/**
 * Lets several sessions of a database take turns, message by message, in an order that is given: each message waits until it is
 * chosen. What is paused is what is not chosen.
 */
export class Interleaving {
  private readonly parked: Parked[] = [];
  private flying = 0;
  steps = 0;

  constructor(
    private readonly choices: readonly number[],
    private readonly observe: () => Promise<void>,
  ) {}

  /** A session that takes turns with the others, and dies where a fault says so. */
  session(session: Session, fault: Fault | undefined, onStep: (step: number) => void): Session {
    let step = 0;
    const query: Session['query'] = async (sql, values) => {
      step += 1;
      onStep(step);
      await this.pause();
      const dies = fault?.at === step ? fault.death : undefined;
      if (dies === 'before') throw died(session);
      this.flying += 1;
      try {
        const answer = session.query(sql, values);
        if (dies === 'unanswered') {
          answer.catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, 2)); // it has been sent
          throw died(session);
        }
        const said = await answer;
        if (dies === 'after') throw died(session);
        return said;
      } finally {
        this.flying -= 1;
      }
    };
    return { ...session, query };
  }

  /** Waits until it is chosen. */
  pause(): Promise<void> {
    return new Promise((go) => this.parked.push({ go }));
  }

  /** Until the work has ended, one turn after the other. @throws what the work or an observation throws */
  async drive<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => void (isOver = true);
    work.then(over, over);
    while (!isOver) {
      await this.quiet();
      await this.observe();
      const next = this.choose();
      if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
      else next.go();
    }
    return work;
  }

  /** As it is given, but now and then the one who has waited longest: nobody starves. */
  private choose(): Parked | undefined {
    if (this.parked.length === 0) return undefined;
    this.steps += 1;
    const isFair = this.steps % 4 === 0;
    const choice = isFair ? 0 : (this.choices[this.steps % this.choices.length] ?? 0);
    return this.parked.splice(choice % this.parked.length, 1)[0];
  }

  private async quiet(): Promise<void> {
    const until = Date.now() + BLOCKED_MS;
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.flying > 0 && Date.now() < until);
  }
}

/** The client is gone in the middle of it: the server finds out when it reads next. */
function died({ client }: Session): ReleaseError {
  client.connection.stream.destroy();
  return new ReleaseError('SESSION_LOST', 'killed by the test');
}
