import type { Temporal } from '../client/connection';
import { readOutcome } from '../client/outcome';
import { watch } from '../client/watching';
import type { Observation } from '../client/watching';
import { ReleaseError } from '../core/rules/release-error';
import type { CommandContext, CommandResult } from './command';
import { EXIT_CODES, exitOfOutcome, exitOfStatus } from './exit-codes';
import { outcomeText } from './print/outcome-text';
import { plainLines } from './progress/plain-lines';
import type { Reporter } from './progress/reporter';
import { taskList } from './progress/task-list';
import { statusResult } from './status-result';

/** What to follow, and until when. gate: until its first wait for a person or a gate. */
export interface Course {
  readonly id: string;
  readonly until: 'gate' | 'end';
  readonly timeoutMs?: number | undefined;
}

/** Without a worker nothing comes to a wait; whoever waits for one is told after this time. */
const NO_WORKER_MS = 30_000;

/**
 * Shows a workflow until it ends, waits, or whoever watches goes: Ctrl-C detaches and stops nothing.
 * @returns the outcome's document where it has ended, else its status
 * @throws NO_WORKER where it should come to a wait and nobody works on it
 */
export async function follow(
  context: CommandContext,
  temporal: Temporal,
  course: Course,
): Promise<CommandResult> {
  const reporter = context.terminal.showsPictures ? await taskList() : plainLines(context.terminal.note);
  const leave = new AbortController();
  const interruption = context.interruption();
  const timer =
    course.timeoutMs === undefined ? undefined : setTimeout(() => leave.abort(), course.timeoutMs);
  try {
    const last = await see(
      reporter,
      watch(temporal, course.id, AbortSignal.any([interruption, leave.signal])),
      course,
    );
    await reporter.close();
    if (last?.ended === true) return await ended(context, temporal, course.id);
    return await left(context, temporal, {
      id: course.id,
      last,
      interrupted: interruption.aborted,
      timedOut: leave.signal.aborted,
    });
  } finally {
    clearTimeout(timer);
    await reporter.close();
  }
}

/** How it ended, from its outcome. */
export async function ended(context: CommandContext, temporal: Temporal, id: string): Promise<CommandResult> {
  const outcome = await readOutcome(temporal, id);
  return {
    document: outcome,
    text: outcomeText(outcome, context.terminal.colours),
    exit: exitOfOutcome(outcome),
  };
}

async function see(
  reporter: Reporter,
  observations: AsyncIterable<Observation>,
  { id, until }: Course,
): Promise<Observation | undefined> {
  let last: Observation | undefined;
  let lastAnswer = Date.now();
  for await (const observation of observations) {
    last = observation;
    reporter.see(observation);
    if (observation.silent === undefined) lastAnswer = Date.now();
    if (until === 'end') continue;
    if (waits(observation)) break;
    if (Date.now() - lastAnswer > NO_WORKER_MS) throw nobodyWorks(id, observation);
  }
  return last;
}

function waits({ status, silent }: Observation): boolean {
  return silent === undefined && status !== undefined && exitOfStatus(status) !== EXIT_CODES.done;
}

function nobodyWorks(id: string, { silent }: Observation): ReleaseError {
  const who = silent?.who === 'server' ? 'Temporal does not answer' : 'no worker answers';
  return new ReleaseError('NO_WORKER', `${id} was started, but ${who}: ${silent?.why ?? ''}`, {
    details: { id },
  });
}

interface Leaving {
  readonly id: string;
  readonly last: Observation | undefined;
  readonly interrupted: boolean;
  readonly timedOut: boolean;
}

/** It goes on without us: its status as it was last seen. */
async function left(context: CommandContext, temporal: Temporal, leaving: Leaving): Promise<CommandResult> {
  const { terminal } = context;
  const { id, last } = leaving;
  const status = last?.status;
  const kind = /^(rehearsal|evaluation)-/.exec(id)?.[1] ?? 'release';
  if (leaving.interrupted || leaving.timedOut) terminal.note(`the ${kind} goes on; one-roof watch ${id}`);
  const exit = leaving.interrupted
    ? EXIT_CODES.done
    : leaving.timedOut || status === undefined
      ? EXIT_CODES.waiting
      : exitOfStatus(status);
  if (status === undefined)
    return { document: { kind, id, stage: null }, text: `${id} has not answered yet`, exit };
  const told = await statusResult(context, temporal, { status, pending: last?.pending ?? [] });
  return { ...told, document: status, exit };
}
