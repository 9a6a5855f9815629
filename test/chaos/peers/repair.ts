import { observe, terminateSessions, untilQuiet } from './observation';
import type { Observation } from './observation';
import { mustRun } from './process-group';
import { runOnce } from './run-again';
import type { Trial } from './run-again';

const MOST_STEPS = 5;
const QUIET_LIMIT_MS = 60_000;

/** What a person had to do by hand, in order, and `right`, or what is still wrong. */
export interface Mended {
  readonly steps: readonly string[];
  readonly end: string;
}

/**
 * Does what a person has to do until the state is right: each intervention counts as one step. To run the tool again is
 * none, for a supervisor does that; nor is to find out what is wrong.
 */
export async function setRight(trial: Trial): Promise<Mended> {
  const steps: string[] = [];
  for (;;) {
    const found = await observationOf(trial);
    if (isRight(found) || steps.length === MOST_STEPS) break;
    const step = await mend(trial, found);
    if (step === undefined) break;
    steps.push(step);
  }
  return { steps, end: await verdict(trial) };
}

/** One step, and the run that it makes possible. */
async function mend(trial: Trial, found: Observation): Promise<string | undefined> {
  const { bench, scenario, place, database } = trial;
  if (found.sessions.length > 0) {
    await terminateSessions(database);
    return '`pg_terminate_backend`';
  }
  if (found.effect.kind === 'whole' && found.record === 'not recorded' && bench.peer.adopt !== undefined) {
    const command = bench.peer.adopt(place);
    await mustRun(command);
    return `\`${command.program} ${command.args.slice(0, -1).join(' ')}\``;
  }
  const repair = scenario.repair(found);
  if (repair === undefined) return undefined;
  await database.query(repair.sql);
  if (found.record === 'not recorded') await runOnce(trial);
  return repair.words;
}

/** A further run must have nothing to do. */
async function verdict(trial: Trial): Promise<string> {
  const before = await observationOf(trial);
  const { code, said, after } = await runOnce(trial);
  if (!isRight(before)) return `wrong: ${before.effect.words}, ${before.record}`;
  if (code !== 0) return `wrong: a further run fails: ${said}`;
  return isRight(after) ? 'right' : `wrong after a further run: ${after.effect.words}`;
}

async function observationOf({ bench, scenario, database }: Trial): Promise<Observation> {
  await untilQuiet(database, QUIET_LIMIT_MS);
  return await observe(database, bench.peer, scenario);
}

export function isRight({ effect, record, sessions }: Observation): boolean {
  return effect.kind === 'whole' && record === 'recorded' && sessions.length === 0;
}
