import { cpSync } from 'node:fs';
import type { Client } from 'pg';
import { pause, waitUnless } from '../../../src/embedded/wait';
import { observe, untilOnlyBusyOnesAreLeft, untilQuiet } from './observation';
import type { Observation } from './observation';
import type { Place } from './peer';
import { start } from './process-group';
import type { Running } from './process-group';
import { setRight } from './repair';
import { runAgain } from './run-again';
import type { Bench, Run, Trial } from './run-again';
import type { Circumstance } from './circumstances';
import type { Scenario } from './scenarios';
import { OURS } from './server';

const MIDDLE_LIMIT_MS = 60_000;
const QUIET_LIMIT_MS = 60_000;
/** How long after the kill the stranger's old transaction goes on. */
const STRANGER_MS = 5_000;

export interface Result {
  readonly peer: string;
  readonly version: string;
  /** What a person types for a run. */
  readonly command: string;
  readonly scenario: string;
  readonly circumstance: string;
  /** Just after the kill. */
  readonly left: Observation;
  /** How long a statement of the dead client ran on; null where the tool was run again meanwhile. */
  readonly ranOnMs: number | null;
  /** When no session was left; null where the tool was run again before. */
  readonly later: Observation | null;
  readonly runs: readonly Run[];
  readonly steps: readonly string[];
  readonly end: string;
}

let count = 0;

/** Kills one run in its middle, runs the tool again, and mends what is left. */
export async function tryOut(bench: Bench, scenario: Scenario, circumstance: Circumstance): Promise<Result> {
  const { server } = bench.base.workshop;
  const place = await copyOf(bench, scenario, circumstance);
  const database = await server.connect(place.database, OURS);
  const trial = { bench, scenario, circumstance, place, database };
  try {
    const killed = await killInTheMiddle(trial);
    const runs = await runAgain(trial);
    await killed.strangerGone;
    const { steps, end } = await setRight(trial);
    const { left, ranOnMs, later } = killed;
    const { peer, version } = bench;
    const names = { peer: peer.name, version, command: peer.typed };
    const where = { scenario: scenario.id, circumstance: circumstance.id };
    return { ...names, ...where, left, ranOnMs, later, runs, steps, end };
  } finally {
    await database.end();
    await server.drop(place.database);
  }
}

async function copyOf(bench: Bench, scenario: Scenario, circumstance: Circumstance): Promise<Place> {
  const { peer, base } = bench;
  count += 1;
  const place = { ...base, folder: `${base.folder}-${count}`, database: `${base.database}_${count}` };
  const { server } = base.workshop;
  cpSync(base.folder, place.folder, { recursive: true });
  await server.create(place.database, base.database);
  await peer.add(place, scenario.change);
  const setting = `client_connection_check_interval = '${circumstance.checkInterval}'`;
  await server.ask(place.database, (database) =>
    database.query(`alter database "${place.database}" set ${setting}`),
  );
  return place;
}

type Killed = Pick<Result, 'left' | 'ranOnMs' | 'later'> & { readonly strangerGone: Promise<void> };

async function killInTheMiddle(trial: Trial): Promise<Killed> {
  const { bench, scenario, circumstance, place, database } = trial;
  const stranger = scenario.stranger === 'present' ? await oldTransaction(trial) : undefined;
  const run = start(bench.peer.run(place));
  const isInTheMiddle = async (): Promise<boolean> =>
    (await database.query<{ yes: boolean }>(scenario.middle)).rows[0]?.yes === true;
  const reached = await waitUnless(run.hasEnded, isInTheMiddle, MIDDLE_LIMIT_MS);
  if (!reached) throw await notReached(trial, run);
  run.kill(circumstance.kills);
  const killedAt = Date.now();
  await run.gone;
  const strangerGone = stranger === undefined ? Promise.resolve() : endLater(stranger);
  await untilOnlyBusyOnesAreLeft(database);
  const left = await observe(database, bench.peer, scenario);
  if (circumstance.again === 'at once') return { left, ranOnMs: null, later: null, strangerGone };
  const isQuiet = await untilQuiet(database, QUIET_LIMIT_MS);
  const ranOnMs = isQuiet ? Date.now() - killedAt : null;
  await strangerGone;
  return { left, ranOnMs, later: await observe(database, bench.peer, scenario), strangerGone };
}

/** A report that reads since before the change: it holds a snapshot, and no lock on the table. */
async function oldTransaction({ bench, place }: Trial): Promise<Client> {
  const client = await bench.base.workshop.server.connect(place.database, `${OURS}-stranger`);
  await client.query('begin isolation level repeatable read');
  await client.query('select count(*) from pg_class');
  return client;
}

async function endLater(stranger: Client): Promise<void> {
  await pause(STRANGER_MS);
  await stranger.end();
}

async function notReached({ bench, scenario }: Trial, run: Running): Promise<Error> {
  run.kill('every process');
  const { code, output } = await run.ended;
  const what = `${bench.peer.name} was not caught in the middle of: ${scenario.title}`;
  return new Error(`${what}\nexit ${code ?? 'by the kill'}\n${output}`);
}
