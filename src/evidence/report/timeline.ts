import type { RecordedAct } from '../../core/schema/act';
import type { EvaluationOutcome } from '../../core/schema/evaluation';
import type { RehearsalOutcome, ReleaseOutcome, StageRecord } from '../../core/schema/outcome';
import { timelineChart } from '../chart/timeline';
import type { Mark, TimedStage } from '../chart/timeline';
import { sectionOf, table } from '../document';
import type { Figure, Section, Table } from '../document';
import { duration, moment } from '../amounts';
import { verbatim } from '../words';

type Outcome = RehearsalOutcome | ReleaseOutcome | EvaluationOutcome;

/** A stage in which nothing is done but waiting: for people, for a gate, for a window, for another release. */
export function isWait({ stage }: StageRecord): boolean {
  return ['in line', 'hold', 'stuck'].includes(stage) || /^(gate before|conditions of) /.test(stage);
}

/** What was done when, as a picture and as a table. */
export function timelineSection(outcome: Outcome): readonly Section[] {
  const data = stagesTable(outcome.stages);
  const timed = outcome.stages.flatMap((record) => timedStage(record, outcome));
  if (timed.length === 0) return sectionOf('Timeline', [data]);
  const marks = outcome.kind === 'release' ? outcome.acts.map(markOf) : [];
  const figure: Figure = {
    kind: 'figure',
    title: 'Stages over time',
    description: describe(outcome),
    drawing: timelineChart(timed, marks),
    data,
  };
  return sectionOf('Timeline', [figure]);
}

function describe({ stages, startedAt, endedAt }: Outcome): string {
  const whole = duration(Date.parse(endedAt) - Date.parse(startedAt));
  const waits = stages.filter(isWait);
  const waited = waits.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  const waiting = waits.length === 0 ? '' : `, of which it waited ${duration(waited)}`;
  return `${stages.length} stages in ${whole}${waiting}. Each stands on a line of its own, with its time at the right.`;
}

function timedStage(record: StageRecord, outcome: Outcome): readonly TimedStage[] {
  const { stage, startedAt, ms } = record;
  if (startedAt === undefined) return [];
  const from = Date.parse(startedAt);
  const to = ms === undefined ? Math.max(from, Date.parse(outcome.endedAt)) : from + ms;
  const tier = outcome.kind === 'release' ? outcome.tiers.find(({ id }) => id === stage) : undefined;
  return [
    {
      name: stage,
      kind: kindOf(record),
      from,
      to,
      attempts: tier?.attempts ?? 1,
    },
  ];
}

function kindOf(record: StageRecord): TimedStage['kind'] {
  if (record.state === 'failed') return 'failed';
  if (isWait(record)) return 'wait';
  return record.stage.startsWith('roll back ') ? 'rollback' : 'work';
}

function markOf({ at, act, as, accepted }: RecordedAct): Mark {
  return {
    at: Date.parse(at),
    kind: accepted ? 'yes' : 'no',
    words: `${act} by ${as}: ${accepted ? 'accepted' : 'refused'}`,
  };
}

function stagesTable(stages: readonly StageRecord[]): Table {
  const rows = stages.map(({ stage, state, startedAt, ms, note }) => [
    verbatim(stage),
    startedAt === undefined ? '' : moment(startedAt),
    state,
    ms === undefined ? '' : duration(ms),
    note === undefined ? '' : verbatim(note),
  ]);
  return table(['stage', 'at', 'state', 'took', 'note'], rows, 'Each stage');
}
