import { z } from 'zod';
import { listWorkflows } from '../../client/listing';
import type { ListedWorkflow } from '../../client/listing';
import { shortIdOf } from '../../core/rules/contract';
import { command } from '../command';
import { moment } from '../../evidence/amounts';
import { painter } from '../print/status-text';
import { table } from '../print/table';
import { withServer } from '../server-choice';

/** All releases, rehearsals and evaluations. */
export const list = command({
  name: 'list',
  summary: 'all releases, rehearsals and evaluations, the newest first',
  arguments: [],
  options: [
    ['--open', 'only those that have not ended'],
    ['--limit <number>', 'at most so many; 20 when it is left out'],
  ],
  examples: [
    ['list', 'the newest 20'],
    ['list --open --json', 'what is under way, for a script'],
  ],
  exits: { 0: 'listed' },
  input: z.object({
    open: z.boolean().default(false),
    limit: z.coerce.number({ error: 'a number' }).int().min(1).default(20),
  }),
  run: (context, { open, limit }) =>
    withServer(context, async (temporal) => {
      const all = await listWorkflows(temporal, open ? 'open' : 'all');
      const workflows = all.slice(0, limit);
      const columns = ['short id', 'id', 'state', 'stage', 'target', 'started', ''].map((head) => ({ head }));
      const rows = workflows.map(rowOf);
      const painted = table(columns, rows, painter(context.terminal.colours));
      const more = all.length > limit ? `\n${all.length - limit} more: --limit ${all.length}` : '';
      const text = rows.length === 0 ? 'there are none yet' : `${painted}${more}`;
      return { document: { kind: 'list', workflows, more: all.length - workflows.length }, text, exit: 0 };
    }),
});

function rowOf(workflow: ListedWorkflow): readonly string[] {
  const { id, state, stage, gate, target, startedAt } = workflow;
  const where =
    state === 'running' && stage?.startsWith('gate') === true && gate !== null ? `${stage} (${gate})` : stage;
  return [shortIdOf(id), id, state, where ?? '', target ?? '', moment(startedAt), concernOf(workflow)];
}

/** The other release that it is about, by its id. */
function concernOf({ recovers, rollsBack }: ListedWorkflow): string {
  if (recovers !== null) return `recovers ${recovers}`;
  return rollsBack === null ? '' : `rolls back ${rollsBack}`;
}
