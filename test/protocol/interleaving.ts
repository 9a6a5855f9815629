import { ReleaseError } from '../../src/core/rules/release-error';
import type { Session } from '../../src/postgres/session';
import type { Witness } from './witness';

/** How a session dies: before its message is sent, after its answer, or while the server works on it. */
export type Death = 'before' | 'after' | 'unanswered';

/** What befalls a session at one of its messages. */
export interface Fault {
  readonly at: number;
  readonly death: Death;
}

/** In turns. */
const FAIR_EVERY = 16;
/** How long a session may be under way before the server is asked whether it waits for somebody's lock. */
const ASKED_AFTER_MS = 5;
/** Whoever is under way so long waits for somebody in a way that the server does not know of: others go on. */
const PATIENCE_MS = 2_000;

/** Somebody who takes turns: he is parked, or under way. */
interface Mover {
  /** Who came first. */
  readonly number: number;
  /** His session's process in the server; null: he has none yet. */
  pid: number | null;
}

interface Parked {
  readonly mover: Mover;
  readonly go: () => void;
}

/**
 * Lets several sessions of a database take turns, message by message, in an order that is given: each message waits until it is
 * chosen. What is paused is what is not chosen. The next one is chosen when all others are parked or wait for a lock, so that
 * the order does not depend on how fast the machine is.
 */
export class Interleaving {
  private readonly parked: Parked[] = [];
  private readonly moving = new Set<Mover>();
  private movers = 0;
  private steps = 0;

  constructor(
    private readonly choices: readonly number[],
    private readonly witness: Pick<Witness, 'look' | 'waiting'>,
  ) {}

  /** Somebody who waits for his turn before he begins. */
  async run<T>(work: (mover: Mover) => Promise<T>): Promise<T> {
    this.movers += 1;
    const mover: Mover = { number: this.movers, pid: null };
    await this.pause(mover);
    try {
      return await work(mover);
    } finally {
      this.moving.delete(mover);
    }
  }

  /** A session that takes turns with the others, and dies where a fault says so. */
  session(session: Session, mover: Mover, { fault, onStep }: Befalls): Session {
    let step = 0;
    mover.pid = session.pid;
    const query: Session['query'] = async (sql, values) => {
      step += 1;
      onStep?.(step);
      await this.pause(mover);
      const dies = fault?.at === step ? fault.death : undefined;
      if (dies === 'before') throw died(session);
      const answer = session.query(sql, values);
      if (dies === 'unanswered') {
        answer.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 2)); // it has been sent
        throw died(session);
      }
      const said = await answer;
      if (dies === 'after') throw died(session);
      return said;
    };
    return { ...session, query };
  }

  /** Until the work has ended, one turn after the other. @throws what the work or an observation throws */
  async drive<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => void (isOver = true);
    work.then(over, over);
    while (!isOver) {
      await this.quiet();
      await this.witness.look();
      this.choose()?.go();
    }
    return work;
  }

  /** Waits until he is chosen. */
  private pause(mover: Mover): Promise<void> {
    this.moving.delete(mover);
    return new Promise((resolve) => {
      const go = (): void => {
        this.moving.add(mover);
        resolve();
      };
      this.parked.push({ mover, go });
    });
  }

  /** As it is given, by their age, but now and then the one who has waited longest: nobody starves. */
  private choose(): Parked | undefined {
    this.steps += 1;
    const isFair = this.steps % FAIR_EVERY === 0;
    const [longest] = this.parked;
    const byAge = [...this.parked].sort((one, other) => one.mover.number - other.mover.number);
    const next = isFair
      ? longest
      : byAge[(this.choices[this.steps % this.choices.length] ?? 0) % byAge.length];
    this.parked.splice(0, this.parked.length, ...this.parked.filter((each) => each !== next));
    return next;
  }

  /** Until everybody is parked, or waits for a lock. */
  private async quiet(): Promise<void> {
    const began = Date.now();
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.moving.size > 0 && Date.now() < began + ASKED_AFTER_MS);
    while (this.moving.size > 0 && Date.now() < began + PATIENCE_MS) {
      const pids = [...this.moving].flatMap(({ pid }) => pid ?? []);
      if ((await this.witness.waiting(pids)) === this.moving.size) return;
    }
  }
}

/** What befalls a session, and who is told of each of its messages. */
interface Befalls {
  readonly fault?: Fault | undefined;
  readonly onStep?: ((step: number) => void) | undefined;
}

/** The client is gone in the middle of it: the server finds out when it reads next. */
function died({ client }: Session): ReleaseError {
  client.connection.stream.destroy();
  return new ReleaseError('SESSION_LOST', 'killed by the test');
}
