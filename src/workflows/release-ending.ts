import { isCancellation } from '@temporalio/workflow';
import { FAILURES } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import type { OutcomeError, ReleaseEnd } from '../core/schema/outcome';
import type { ReleaseBook } from './release-book';
import { asOutcomeError, judge } from './verdict';

/** How a release ends, and why. */
export interface Ending {
  readonly outcome: ReleaseEnd;
  readonly error?: OutcomeError;
}

/** Ended by a person, by Temporal's own cancel, or by the clock at a gate. */
export function stoppedBy(book: ReleaseBook, failure: unknown): Ending | undefined {
  const { stop } = book.gatehouse;
  if (stop !== null)
    return {
      outcome: stop.outcome,
      error: said(stop.outcome === 'rejected' ? 'REJECTED' : 'ABORTED', `${stop.who}: ${stop.reason}`),
    };
  if (isCancellation(failure))
    return { outcome: 'aborted', error: said('ABORTED', "cancelled by Temporal's own cancel") };
  return failure instanceof ReleaseError && failure.code === 'EXPIRED'
    ? { outcome: 'expired', error: said('EXPIRED', failure.message) }
    : undefined;
}

/** Nothing was written: refused or failed. */
export function endBeforeClaim(book: ReleaseBook, failure: unknown): Ending {
  const error = judge(failure);
  const outcome = FAILURES[error.code].exit === 4 ? 'refused' : 'failed';
  return stoppedBy(book, failure) ?? { outcome, error: asOutcomeError(error) };
}

function said(code: 'REJECTED' | 'ABORTED' | 'EXPIRED', message: string): OutcomeError {
  return { code, message, hint: FAILURES[code].hint };
}

/** @throws what a person has ended the release with */
export function throwIfStopped({ gatehouse }: ReleaseBook): void {
  const stop = gatehouse.stop;
  if (stop === null) return;
  throw new ReleaseError(stop.outcome === 'rejected' ? 'REJECTED' : 'ABORTED', `${stop.who}: ${stop.reason}`);
}
