import { ReleaseError } from '../../core/rules/release-error';
import { destroySocket } from '../cancellation';
import type { Session } from '../session';

/** How long after its own time limit a session is cut: a server that does not look at its clock is not waited for. */
export const GRACE_MS = 250;

/** The end of a read's time, which runs from its beginning on, also while it connects and while its names are looked up. */
export class Deadline {
  private readonly end: number;
  private isCut = false;

  constructor(
    since: number,
    private readonly limitMs: number,
  ) {
    this.end = since + limitMs;
  }

  /** Whole milliseconds, at least one. @throws QUERY_TOO_LONG where nothing is left */
  left(): number {
    const left = Math.ceil(this.end - performance.now());
    if (left <= 0) throw this.tooLong();
    return left;
  }

  /** Works in a session that is cut when the time is over. */
  async over<T>(session: Session, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => {
        this.isCut = true;
        destroySocket(session.client);
      },
      Math.max(0, this.end + GRACE_MS - performance.now()),
    );
    try {
      return await work();
    } catch (error) {
      throw this.isCut ? this.tooLong() : error;
    } finally {
      clearTimeout(timer);
    }
  }

  private tooLong(): ReleaseError {
    return new ReleaseError('QUERY_TOO_LONG', `the read had not ended after ${this.limitMs} ms`);
  }
}
