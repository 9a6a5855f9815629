import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import type { ListedWorkflow } from '../../client/listing';
import { readOutcome } from '../../client/outcome';
import { resolveReference } from '../../client/reference';
import { look } from '../../client/watching';
import { ReleaseError } from '../../core/rules/release-error';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { endedStatus } from '../ended-status';
import { exitOfOutcome } from '../exit-codes';
import { Reference } from '../input';
import { outcomeText } from '../print/outcome-text';
import { withServer } from '../server-choice';
import { statusResult } from '../status-result';

/** Where a release or a rehearsal stands. */
export const status = command({
  name: 'status',
  summary: 'where it stands: stages, gates, who is missing, and what to type next',
  arguments: [['[id]', 'id, short id or `latest`, which it is when left out']],
  options: [],
  examples: [
    ['status', 'the newest'],
    ['status 7k3f9q --json', 'for a script: exit 3 while it waits, 5 when it holds'],
  ],
  exits: {
    0: 'it goes on, or ended well',
    1: 'it ended, and was not done; or was terminated: then it says how to recover it',
    3: 'it waits for a person or a gate, or no worker answers',
    4: 'it was refused',
    5: 'it holds or is stuck: a person must decide',
  },
  input: z.object({ id: Reference.default('latest') }),
  run: (context, { id }) =>
    withServer(context, async (temporal) => {
      const found = await resolveReference(temporal, id, {
        use: 'read',
        kinds: ['release', 'rehearsal', 'evaluation'],
      });
      return await statusOf(context, temporal, found);
    }),
});

async function statusOf(
  context: CommandContext,
  temporal: Temporal,
  found: ListedWorkflow,
): Promise<CommandResult> {
  const { colours } = context.terminal;
  const seen = await look(temporal, found.id);
  if (seen.ended) {
    const outcome = await readOutcome(temporal, found.id);
    const { outcome: end, error } = outcome;
    const document = { ...endedStatus(outcome), outcome: end, ...(error === undefined ? {} : { error }) };
    return { document, text: outcomeText(outcome, colours), exit: exitOfOutcome(outcome) };
  }
  if (seen.status === undefined) throw nobodyAnswers(found, seen.silent?.why ?? '');
  const { recovers, rollsBack } = found;
  return await statusResult(context, temporal, {
    status: seen.status,
    pending: seen.pending,
    recovers,
    rollsBack,
  });
}

/** What the server itself still knows stands in the details. */
function nobodyAnswers(found: ListedWorkflow, why: string): ReleaseError {
  const { id, stage, gate } = found;
  const last = `its last known stage is ${stage ?? 'its start'}${gate === null ? '' : `, gate ${gate}`}`;
  return new ReleaseError('NO_WORKER', `no worker answers for ${id} (${why}); ${last}`, {
    details: { ...found },
  });
}
