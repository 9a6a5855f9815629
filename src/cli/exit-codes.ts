import { FAILURES, isFailureCode } from '../core/rules/failures';
import { isUndone } from '../core/rules/undone';
import type { EvaluationOutcome } from '../core/schema/evaluation';
import type { RehearsalOutcome, ReleaseOutcome, Status } from '../core/schema/outcome';

/** What the command line ends with; a script may rely on these. DESIGN.md §12. */
export const EXIT_CODES = {
  done: 0,
  notDone: 1,
  usage: 2,
  waiting: 3,
  refused: 4,
  stuck: 5,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'not done: failed, rolled back, rejected, aborted, expired',
  2: 'wrong usage or input',
  3: 'waiting for a person or a gate',
  4: 'refused',
  5: 'stuck: a person must act',
};

type AnyOutcome = RehearsalOutcome | ReleaseOutcome | EvaluationOutcome;

const OF_END: Readonly<Record<AnyOutcome['outcome'], ExitCode>> = {
  rehearsed: EXIT_CODES.done,
  released: EXIT_CODES.done,
  evaluated: EXIT_CODES.done,
  failed: EXIT_CODES.notDone,
  'rolled back': EXIT_CODES.notDone,
  rejected: EXIT_CODES.notDone,
  expired: EXIT_CODES.notDone,
  aborted: EXIT_CODES.notDone,
  refused: EXIT_CODES.refused,
  stuck: EXIT_CODES.stuck,
};

/** How it ended, as an exit code. */
export function exitOfEnd(end: keyof typeof OF_END): ExitCode {
  return OF_END[end];
}

/** The same; a rollback that was asked for and came to its end is done. */
export function exitOfOutcome(outcome: AnyOutcome): ExitCode {
  return isUndone(outcome) ? EXIT_CODES.done : exitOfEnd(outcome.outcome);
}

/** Where an open workflow stands: it holds for a decision, waits for people or a gate, or goes on. */
export function exitOfStatus(status: Pick<Status, 'choices' | 'waitingFor' | 'paused'>): ExitCode {
  if (isHolding(status)) return EXIT_CODES.stuck;
  return status.waitingFor.length > 0 || status.paused ? EXIT_CODES.waiting : EXIT_CODES.done;
}

/** Does it go on only by a person's `decide`? At a gate there are choices too, but other people's acts open it. */
export function isHolding({ choices }: Pick<Status, 'choices'>): boolean {
  return choices.some((choice) => choice.startsWith('decide '));
}

/** The exit code of a failure by its code; what has no code of ours is a failure all the same. */
export function exitOfFailure(code: string): ExitCode {
  return isFailureCode(code) ? FAILURES[code].exit : EXIT_CODES.notDone;
}
