import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import { readOutcome } from '../../client/outcome';
import { askActs, askTimeline } from '../../client/question';
import { resolveReference } from '../../client/reference';
import { ReleaseError } from '../../core/rules/release-error';
import type { RecordedAct } from '../../core/schema/act';
import type { StageRecord } from '../../core/schema/outcome';
import { command } from '../command';
import { Reference } from '../input';
import { duration, moment } from '../../evidence/amounts';
import { painter } from '../print/status-text';
import { table } from '../print/table';
import { withServer } from '../server-choice';

/** What happened, and what people did, in the order of time. */
export const timeline = command({
  name: 'timeline',
  summary: 'what happened when: stages and human acts in the order of time',
  arguments: [['<id>', 'id, short id or `latest`']],
  options: [],
  examples: [['timeline latest', 'stages with their times, acts with their answers']],
  exits: { 0: 'told', 3: 'no worker answers' },
  input: z.object({ id: Reference }),
  run: (context, { id: reference }) =>
    withServer(context, async (temporal) => {
      const kinds = ['release', 'rehearsal', 'evaluation'] as const;
      const { id, kind, endedAt } = await resolveReference(temporal, reference, { use: 'read', kinds });
      const told = endedAt === null ? await toldByWorker(temporal, id) : await toldByOutcome(temporal, id);
      const rows = [...told.stages.map(stageRow), ...told.acts.map(actRow)].sort(byTime);
      const columns = ['time', 'what', '', 'took', ''].map((head) => ({ head }));
      const text = table(columns, rows, painter(context.terminal.colours));
      return { document: { kind: 'timeline', workflow: kind, id, ...told }, text, exit: 0 };
    }),
});

interface Told {
  readonly stages: readonly StageRecord[];
  readonly acts: readonly RecordedAct[];
}

async function toldByOutcome(temporal: Temporal, id: string): Promise<Told> {
  const outcome = await readOutcome(temporal, id);
  return { stages: outcome.stages, acts: outcome.kind === 'release' ? outcome.acts : [] };
}

async function toldByWorker(temporal: Temporal, id: string): Promise<Told> {
  const stages = await askTimeline(temporal, id);
  const acts = await askActs(temporal, id);
  if (!stages.answered) throw new ReleaseError('NO_WORKER', `no worker answers for ${id}: ${stages.why}`);
  return { stages: stages.value, acts: acts.answered ? (acts.value ?? []) : [] };
}

function stageRow({ stage, state, startedAt, ms, note }: StageRecord): readonly string[] {
  const at = startedAt === undefined ? '' : moment(startedAt);
  return [at, stage, state, ms === undefined ? '' : duration(ms), note ?? ''];
}

function actRow({ act, as, at, gate, accepted, reason }: RecordedAct): readonly string[] {
  const what = `${act} by ${as}${gate === undefined ? '' : ` at gate ${gate}`}`;
  return [moment(at), what, accepted ? 'accepted' : 'refused', '', reason ?? ''];
}

function byTime(one: readonly string[], other: readonly string[]): number {
  return (one[0] ?? '').localeCompare(other[0] ?? '');
}
