import { ReleaseError } from '../../core/rules/release-error';

/** How many reads of this process may be under way at a time, and how long another one waits for its turn. */
export class Turns {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    readonly atATime: number,
    private readonly patienceMs: number,
  ) {}

  /** Does the work when it is its turn; first come, first served. @throws QUERY_REFUSED where none comes in time */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private async turn(): Promise<void> {
    if (this.taken < this.atATime) {
      this.taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(this.tooMany());
      }, this.patienceMs);
      this.waiting.push(go);
    });
  }

  /** Whoever waits takes over the turn itself, so that nobody comes between. */
  private pass(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }

  private tooMany(): ReleaseError {
    const reason = `${this.atATime} reads are under way, and none ended within ${this.patienceMs} ms`;
    return new ReleaseError('QUERY_REFUSED', `too many reads at a time: ${reason}`, {
      hint: 'Ask again when one of them has ended.',
      details: { layer: 'caps', construct: 'too many reads at a time', reason },
    });
  }
}

/** Of every read that opens a session of its own. */
export const TURNS = new Turns(4, 3_000);
