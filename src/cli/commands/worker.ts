import { z } from 'zod';
import { filesOf } from '../../embedded/stand-in-files';
import { readToolchain } from '../../embedded/toolchain';
import { command } from '../command';
import type { CommandContext } from '../command';
import { embeddedState } from '../embedded-place';
import { chooseServer } from '../server-choice';
import { chooseStore } from '../store-choice';
import { readTargets } from '../targets-file';

/** Runs a worker in the foreground. */
export const worker = command({
  name: 'worker',
  summary: 'run a worker in the foreground; Ctrl-C lets it finish what it does and ends it',
  arguments: [],
  options: [
    ['--queue <queues>', 'only these task queues, separated by commas; all of targets.yaml when left out'],
    ['--reveal-data', "errors may quote rows in this worker's own log; never in a history or in evidence"],
  ],
  examples: [
    ['worker', 'everything that targets.yaml names'],
    ['worker --queue one-roof.production', 'where production is, with its credentials'],
  ],
  exits: { 0: 'it was told to end', 1: 'it could not go on' },
  input: z.object({ queue: z.string().optional(), revealData: z.boolean().default(false) }),
  run: async (context, { queue, revealData }) => {
    tellWorker(context);
    if (revealData) context.setEnvironment('ONE_ROOF_REVEAL_DATA', 'true');
    const { runWorker } = await import('../../worker/main.js');
    const queues = queue === undefined ? [] : queue.split(',').map((name) => name.trim());
    await runWorker(queues);
    return { document: { kind: 'worker', queues, ended: true }, text: '', exit: 0 };
  },
});

/** The worker is a composition root of its own: it reads its settings from the environment, which we complete. */
function tellWorker(context: CommandContext): void {
  const { place, origin } = chooseServer(context);
  const known = readTargets(context);
  context.setEnvironment('ONE_ROOF_CONFIG', known.file);
  context.setEnvironment('ONE_ROOF_STORE', chooseStore(context, origin));
  context.setEnvironment('TEMPORAL_ADDRESS', place.address);
  context.setEnvironment('TEMPORAL_NAMESPACE', place.namespace);
  if (context.environment['ONE_ROOF_PG_BIN'] === undefined) {
    context.setEnvironment('ONE_ROOF_PG_BIN', readToolchain(context.checkout).postgres.bin);
  }
  const state = embeddedState(context);
  if (known.origin === 'embedded' && state !== undefined) {
    const { pgpass, serviceFile } = filesOf(state);
    context.setEnvironment('PGPASSFILE', pgpass);
    context.setEnvironment('PGSERVICEFILE', serviceFile);
  }
  context.terminal.note(`Temporal at ${place.address}, namespace ${place.namespace} (${origin})`);
}
