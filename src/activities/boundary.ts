import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { FAILURES } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import type { Progress } from '../core/schema/heartbeat';

/** Less than a third of the shortest heartbeat time-out: two beats may be lost. */
const HEARTBEAT_MS = 1_500;

/** The SDK's own word for it. */
const WORKER_SHUTDOWN = 'WORKER_SHUTDOWN';

/** What an activity may say and hear while it works. */
export interface Watch {
  readonly signal: AbortSignal;
  /** What the history names the attempt by: the workflow's id. */
  readonly workflow: string;
  progress(progress: Progress): void;
}

/** Every activity passes here: a heartbeat for silent SQL, and our errors become Temporal's, here and nowhere else. */
export function activity<Input, Output>(
  work: (input: Input, watch: Watch) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    let last: Progress | undefined;
    let reason = '';
    context.cancelled.catch(
      (cancelled: unknown) => (reason = cancelled instanceof Error ? cancelled.message : ''),
    );
    const timer = setInterval(() => context.heartbeat(last), HEARTBEAT_MS); // repeats the last details
    try {
      return await work(input, {
        signal: context.cancellationSignal,
        workflow: context.info.workflowExecution?.workflowId ?? '',
        progress: (progress) => (last = progress),
      });
    } catch (error) {
      if (!context.cancellationSignal.aborted) throw asFailure(error);
      if (reason === WORKER_SHUTDOWN) throw asFailure(shutDown(error));
      throw new CancelledFailure('cancelled', [], asCause(error));
    } finally {
      clearInterval(timer);
    }
  };
}

/** A worker that is shut down ends its activities after a while of grace: to the workflow that is a lost session. */
function shutDown(cause: unknown): ReleaseError {
  return new ReleaseError('SESSION_LOST', 'the worker was shut down in the midst of it', { cause });
}

/** The failure's type is our code; its details carry what the command line and the Temporal UI show beside the message. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof ReleaseError)) return error;
  const { code, hint, details, message } = error;
  return ApplicationFailure.create({
    message,
    type: code,
    nonRetryable: !FAILURES[code].retryable,
    details: [{ code, hint, ...details }],
    cause: error,
  });
}

function asCause(error: unknown): Error | undefined {
  return error instanceof Error ? error : undefined;
}
