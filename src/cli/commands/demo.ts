import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { down, up } from '../../embedded/embedded';
import type { EmbeddedAddresses } from '../../embedded/embedded';
import { openState } from '../../embedded/state';
import type { StateDirectory } from '../../embedded/state';
import { readToolchain } from '../../embedded/toolchain';
import { stopWorker } from '../../embedded/worker-process';
import { command } from '../command';
import type { CommandContext } from '../command';
import { approve, rehearse, startAndWait, verify, watchToEnd, writeReports } from '../demo/scenes';
import { DEMO_STATE, Stage } from '../demo/stage';
import { standInRequest } from './embedded';

/** The whole story on real servers: rehearsed, held, released; and once more, gone wrong and rolled back exactly. */
export const demo = command({
  name: 'demo',
  summary: 'the whole story on real servers of its own: rehearse, wait, release; then one that goes wrong',
  arguments: [],
  options: [
    ['--scale <number>', "the stand-in's two large tables, times this; 1 when it is left out"],
    ['--keep', 'leave the servers up to look around'],
  ],
  examples: [
    ['demo', 'five scenes; it starts fresh each time'],
    ['demo --scale 0.05 --keep', 'smaller, and stays up; stop it with ONE_ROOF_STATE=demo one-roof down'],
  ],
  exits: { 0: 'everything went as told', 1: 'a scene did not end as it should' },
  input: z.object({
    scale: z.coerce.number({ error: 'a number' }).positive().max(100).default(1),
    keep: z.boolean().default(false),
  }),
  run: async (context, { scale, keep }) => {
    const { checkout, environment, terminal } = context;
    const signal = context.interruption();
    const startedAt = Date.now();
    const state = openState({ checkout, environment, name: DEMO_STATE });
    const servers = { context, state, scale };
    try {
      const paths = await play(servers, signal);
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      return {
        document: { kind: 'demo', seconds, reports: paths },
        text: `The demo took ${seconds} s at scale ${scale}.`,
        exit: 0,
      };
    } finally {
      if (keep)
        terminal.note(
          `The servers stay up. Commands for them: ONE_ROOF_STATE=${DEMO_STATE} npx one-roof list`,
        );
      else await down({ state, onStep: () => undefined });
    }
  },
});

interface Servers {
  readonly context: CommandContext;
  readonly state: StateDirectory;
  readonly scale: number;
}

async function play(servers: Servers, signal: AbortSignal): Promise<readonly string[]> {
  const { context, state } = servers;
  context.terminal.note(
    'Starting a Temporal server, a PostgreSQL cluster with a stand-in production, and a worker …',
  );
  await down({ state, onStep: () => undefined });
  await clear(state);
  const addresses = await raise(servers, 'keep');
  const stage = new Stage({ context, addresses, bin: readToolchain(context.checkout).postgres.bin, signal });
  const good = await goodRelease(stage);
  stage.title(4, 'The same package, and production is no longer what was rehearsed');
  stage.say(
    'A fresh greenfield stand-in; a database made anew is another one, so it is rehearsed again.',
    '',
  );
  await stopWorker(state);
  await raise(servers, 'replace');
  const bad = await badRelease(stage);
  stage.title(5, 'What is left for people who were not there');
  const paths = await writeReports(stage, [...good, ...bad]);
  stage.say(...paths.map((path) => `  ${path}`), `  the Temporal UI: ${stage.ui}`, '');
  return paths;
}

async function goodRelease(stage: Stage): Promise<readonly string[]> {
  stage.title(1, 'Audit the bytes, rehearse them on a clone of production');
  const rehearsal = await rehearse(stage);
  stage.title(2, 'Start the release: its gate is closed, so it waits');
  const id = await startAndWait(stage);
  stage.say('Read production again: nothing has been changed.');
  await stage.show(['baseline', 'production', '--package', 'sql/one-roof-governance']);
  stage.title(3, 'People approve; then the approvals application opens the hard gate');
  await approve(stage, id);
  await stage.asApplication('approvals_app', 'approve.sql');
  const outcome = await watchToEnd(stage, id, 0);
  verify(
    outcome.outcome === 'released' && outcome.drift.every((metric) => metric.verdict !== 'drift'),
    'the release should have ended released',
  );
  return [rehearsal.id, id];
}

async function badRelease(stage: Stage): Promise<readonly string[]> {
  const rehearsal = await rehearse(stage);
  const id = await startAndWait(stage);
  stage.say('After the rehearsal, somebody writes a row that tier 5 forbids:');
  await stage.asApplication('directus_app', 'intruder.sql');
  await approve(stage, id);
  await stage.asApplication('approvals_app', 'approve.sql');
  const outcome = await watchToEnd(stage, id, 1);
  const isExact =
    outcome.rollback?.verdict === 'identical' &&
    outcome.fingerprint.before?.schema === outcome.fingerprint.after?.schema;
  verify(outcome.outcome === 'rolled back' && isExact, 'the release should have been rolled back exactly');
  stage.say(
    `Before: schema ${outcome.fingerprint.before?.schema ?? ''}`,
    `After:  schema ${outcome.fingerprint.after?.schema ?? ''}`,
    'The same, to the last definition.',
    '',
  );
  return [rehearsal.id, id];
}

/** The demo starts fresh: what the last one left is removed, its servers having been stopped. */
async function clear(state: StateDirectory): Promise<void> {
  for (const place of [
    state.postgres,
    state.store,
    state.temporalFile,
    `${state.temporalFile}-wal`,
    `${state.temporalFile}-shm`,
  ]) {
    await rm(place, { recursive: true, force: true });
  }
}

async function raise({ context, scale }: Servers, existing: 'keep' | 'replace'): Promise<EmbeddedAddresses> {
  const { checkout, environment, terminal } = context;
  return up({
    checkout,
    state: openState({ checkout, environment, name: DEMO_STATE }),
    toolchain: readToolchain(checkout),
    environment,
    worker: 'runs',
    standIn: standInRequest(scale, existing),
    onStep: ({ state, name, note }) => (state === 'done' ? terminal.note(`  ✓ ${name}: ${note}`) : undefined),
  });
}
