import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from '@temporalio/workflow';
import { FAILURES, isFailureCode } from '../core/rules/failures';
import type { FailureCode } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import type { OutcomeError } from '../core/schema/outcome';

/** A failure as the workflow judges it. */
export interface Judged extends OutcomeError {
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What an activity, or a rule of ours, said. A dead worker is a lost session: the ledger decides and it is tried again. */
export function judge(error: unknown): Judged {
  if (error instanceof ReleaseError)
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure)
    return known('SESSION_LOST', `the worker fell silent (${cause.timeoutType ?? 'time-out'})`);
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  return known('INTERNAL', cause instanceof Error ? cause.message : String(cause));
}

/** The parts that go into an outcome and into the history's summary. */
export function asOutcomeError({ code, message, hint }: Judged): OutcomeError {
  return { code, message, hint };
}

/** Did the database or the package say no? Only then is a release compensated without asking. */
export function isVerdict(error: unknown): boolean {
  return !isCancellation(error) && FAILURES[judge(error).code].verdict;
}

/** Is it worth another attempt: did another session, the server or the network fail, not the statement? */
export function isRetryable(error: unknown): boolean {
  return !isCancellation(error) && FAILURES[judge(error).code].retryable;
}

function fromApplication(failure: ApplicationFailure): Judged {
  const code = failure.type ?? '';
  if (!isFailureCode(code)) return known('INTERNAL', failure.message);
  const detail: unknown = failure.details?.[0];
  const details = typeof detail === 'object' && detail !== null ? { ...detail } : {};
  const hint: unknown = Reflect.get(details, 'hint');
  return {
    code,
    message: failure.message,
    hint: typeof hint === 'string' ? hint : FAILURES[code].hint,
    details,
  };
}

function known(code: FailureCode, message: string): Judged {
  return { code, message, hint: FAILURES[code].hint, details: {} };
}
