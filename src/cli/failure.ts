import { visibleLines } from '../asking/visible';
import { ReleaseError } from '../core/rules/release-error';
import { FAILURES } from '../core/rules/failures';
import type { CommandResult } from './command';
import { exitOfFailure } from './exit-codes';
import type { Colours } from './terminal';

/** A command's failure: `{error: {code, message, hint, details?}}`, or three lines for people. DESIGN.md §12. */
export function failureResult(error: unknown, colours: Colours): CommandResult {
  const { code, message, hint, details } = asReleaseError(error);
  const more = Object.keys(details).length === 0 ? {} : { details };
  return {
    document: { error: { code, message, hint, ...more } },
    text: `${colours.red(colours.bold(`✗ ${code}`))} ${visibleLines(message)}\n  ${colours.dim('→')} ${visibleLines(hint)}`,
    exit: exitOfFailure(code),
  };
}

function asReleaseError(error: unknown): ReleaseError {
  if (error instanceof ReleaseError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ReleaseError('INTERNAL', message, { hint: FAILURES.INTERNAL.hint, cause: error });
}
