import { ReleaseError } from '../core/rules/release-error';

/** Timers of Node hold no more; so long is as good as for ever. */
const LONGEST_MS = 2 ** 31 - 1;

/** Stops what a session runs, through its signal, when the time is over that was last set, and says why. */
export class Stopper {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private why = '';

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** A new time replaces the one before. */
  stopIn(ms: number, why: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.why = why;
        this.controller.abort();
      },
      Math.min(Math.max(ms, 0), LONGEST_MS),
    );
  }

  end(): void {
    clearTimeout(this.timer);
  }

  /** In place of what a stopped session failed with; whether its commit took effect all the same, the ledger knows. */
  explain(error: unknown): unknown {
    if (!this.signal.aborted) return error;
    return new ReleaseError('BUDGET_EXCEEDED', this.why, { cause: error });
  }
}

/** Work that may be stopped: what the stopper has ended says so, and what somebody else has cancelled is that all the same. */
export async function stoppable<T>(work: (stopper: Stopper) => Promise<T>): Promise<T> {
  const stopper = new Stopper();
  try {
    return await work(stopper);
  } catch (error) {
    throw stopper.explain(error);
  } finally {
    stopper.end();
  }
}
