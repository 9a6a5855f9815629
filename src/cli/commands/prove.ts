import { resolve } from 'node:path';
import { z } from 'zod';
import type { StepProof } from '../../core/schema/proof';
import { openState } from '../../embedded/state';
import { withThrowawayCluster } from '../../embedded/throwaway-cluster';
import { readToolchain } from '../../embedded/toolchain';
import { openHistory } from '../../package/history';
import type { FolderHistory } from '../../package/history';
import { proveHistory } from '../../postgres/prove/history';
import type { ProvableStep } from '../../postgres/prove/history';
import { command } from '../command';
import type { CommandContext } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Folder } from '../input';
import { isProvenStep, proofText } from '../print/proof-text';

/** The name of the state of the cluster that proofs are made in. */
const PROVE_STATE = 'prove';

const input = z.object({ folder: Folder, schemaOnly: z.boolean().default(false) });

/** Does every step of a history have a rollback that gives back what was there? */
export const prove = command({
  name: 'prove',
  summary:
    'prove the rollback of each step of a history of SQL files, in a PostgreSQL cluster that is made for it and removed; the SQL runs there as superuser',
  arguments: [
    [
      '<folder>',
      'holds `NAME.up.sql` and `NAME.down.sql`, files marked as goose and dbmate mark them, or what docs/package.md lists',
    ],
  ],
  options: [['--schema-only', 'leave the rows of tables out of the comparison']],
  examples: [
    ['prove db/history', 'a verdict on each step, and what differs'],
    ['prove db/history --json', 'the same for a script: `steps: [{id, verdict, rows, differences}]`'],
  ],
  exits: { 0: 'every rollback gives back exactly what was there', 1: 'not every one does' },
  input,
  run: async (context, { folder, schemaOnly }) => {
    const history = await openHistory(resolve(context.folder, folder));
    const steps = await proofsOf(context, history, schemaOnly ? 'none' : 'all');
    const isProven = steps.every(isProvenStep);
    return {
      document: {
        kind: 'proof',
        compared: schemaOnly ? 'schema' : 'schema and rows',
        steps,
        others: history.others,
      },
      text: proofText(steps, context.terminal),
      exit: isProven ? EXIT_CODES.done : EXIT_CODES.notDone,
    };
  },
});

async function proofsOf(
  context: CommandContext,
  history: FolderHistory,
  contents: 'all' | 'none',
): Promise<readonly StepProof[]> {
  const { checkout, environment, terminal } = context;
  const { bin } = readToolchain(checkout).postgres;
  const state = openState({ checkout, environment, name: PROVE_STATE });
  const signal = context.interruption();
  return withThrowawayCluster({ state, bin, environment }, (cluster) =>
    proveHistory({ cluster, contents, signal }, provable(history), ({ id, verdict }) =>
      terminal.note(`${id}: ${verdict}`),
    ),
  );
}

function provable({ steps, scriptOf }: FolderHistory): readonly ProvableStep[] {
  return steps.map(({ id, up, down }) => ({
    id,
    up: up && (() => scriptOf(up)),
    down: down && (() => scriptOf(down)),
  }));
}
