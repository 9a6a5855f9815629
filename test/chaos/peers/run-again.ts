import type { Client } from 'pg';
import type { Circumstance } from './circumstances';
import { observe, untilQuiet } from './observation';
import type { Observation } from './observation';
import type { Peer, Place } from './peer';
import { runToEnd } from './process-group';
import type { Scenario } from './scenarios';

const RUN_LIMIT_MS = 120_000;
const QUIET_LIMIT_MS = 60_000;

/** A peer with its project and database, from which each trial takes a copy. */
export interface Bench {
  readonly peer: Peer;
  readonly version: string;
  readonly base: Place;
}

/** One trial in its hands: where it happens, and the session that asks. */
export interface Trial {
  readonly bench: Bench;
  readonly scenario: Scenario;
  readonly circumstance: Circumstance;
  readonly place: Place;
  readonly database: Client;
}

/** A run of the tool after the kill, and what the database says when nothing of it is left. */
export interface Run {
  readonly code: number | null;
  readonly ms: number;
  readonly said: string;
  readonly after: Observation;
}

/** A run that fails is followed by another when the server is quiet: whatever restarts a dead client does that. */
export async function runAgain(trial: Trial): Promise<readonly Run[]> {
  const first = await runOnce(trial);
  if (first.code === 0) return [first];
  return [first, await runOnce(trial)];
}

/** Runs the tool once more and asks the database when nothing of it is left. */
export async function runOnce({ bench, scenario, place, database }: Trial): Promise<Run> {
  const { code, ms, output } = await runToEnd(bench.peer.run(place), RUN_LIMIT_MS);
  await untilQuiet(database, QUIET_LIMIT_MS);
  return { code, ms, said: complaintIn(output), after: await observe(database, bench.peer, scenario) };
}

/** The line that says what is wrong, without the places of this machine. */
function complaintIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const line = lines.find((each) => /\berror\b/i.test(each)) ?? lines.at(-1) ?? '';
  const complaint = /\berror\b.*/i.exec(line)?.[0] ?? line;
  return complaint.replaceAll(/\S*\/\S*/g, (word) => word.split('/').at(-1) ?? '');
}
