import { FAILURES } from './failures';
import type { FailureCode } from './failures';

/** The one error that One-Roof throws: a code of the table, the fact with its value, and what to do. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
  readonly code: FailureCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FailureCode,
    message: string,
    more: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint ?? FAILURES[code].hint;
    this.details = more.details ?? {};
  }
}
