import type { PendingActivity } from '../../client/pending';
import type { GateStatus, StageRecord, Status } from '../../core/schema/outcome';
import type { ReleasePlan } from '../../core/schema/plan';
import { isHolding } from '../exit-codes';
import { nextCommands } from '../next-commands';
import type { Colours } from '../terminal';
import { ago, moment } from '../../evidence/amounts';
import { holdingLines } from './holding-text';
import { STAGE_MARKS, paintByWord } from './marks';
import { progressText } from './progress-text';
import { expectation, timeSoFar, timeTaken } from './stage-text';
import { table } from './table';

/** How a status is printed: with colours or not, at what time, for `… ago`; and what the status itself does not tell. */
export interface Look {
  readonly colours: Colours;
  readonly now: number;
  readonly plan?: ReleasePlan | null;
  readonly recovers?: string;
  readonly rollsBack?: string;
}

/** A release or a rehearsal as it stands: what it waits for and what to type come first. */
export function statusText(status: Status, pending: readonly PendingActivity[], look: Look): string {
  const parts = [
    headText(status, look),
    waitingText(status, look),
    holdingText(status, look),
    stagesText(status.stages, look.colours, look.now),
    pendingText(pending),
    gatesText(status.gates, look),
    tiersText(status.tiers, look.colours),
    nextText(status, look.colours),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function headText(status: Status, { colours, now, recovers, rollsBack }: Look): string {
  const { name, version, digest } = status.package;
  const state = isHolding(status)
    ? 'holds for a decision'
    : status.waitingFor.length > 0
      ? 'waits'
      : status.stage;
  const since = status.since === '' ? '' : `, since ${moment(status.since)} (${ago(status.since, now)})`;
  return [
    `${colours.bold(status.id)}: ${colours.yellow(state)}${status.paused ? colours.yellow(', paused') : ''}`,
    `${name} ${version} → ${status.target}, scope ${status.scope}`,
    ...(recovers === undefined ? [] : [`recovers ${recovers}, which was terminated`]),
    ...(rollsBack === undefined ? [] : [`rolls back ${rollsBack}, which had ended`]),
    `digest ${digest}`,
    `stage ${status.stage}${since}`,
  ].join('\n');
}

function waitingText(status: Status, { colours }: Look): string {
  if (status.waitingFor.length === 0) return '';
  const waits = [colours.bold('Waits for'), ...status.waitingFor.map((line) => `  ${line}`)];
  const choices = [colours.bold('What a person may do'), ...status.choices.map((line) => `  ${line}`)];
  return [...waits, ...(status.choices.length === 0 ? [] : choices)].join('\n');
}

function holdingText(status: Status, { colours, plan }: Look): string {
  if (!isHolding(status)) return '';
  const lines = holdingLines(status, plan ?? null);
  return [colours.bold('What is applied, and what is not'), ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The stages in their order, each with its time; `now`: what runs with its time so far, and what is expected of it. */
export function stagesText(stages: readonly StageRecord[], colours: Colours, now?: number): string {
  if (stages.length === 0) return '';
  const rows = stages.map((record) => {
    const runs = record.state === 'running' && now !== undefined;
    const notes = [runs ? expectation(record, now) : '', record.note ?? ''];
    return [
      `${STAGE_MARKS[record.state]} ${record.stage}`,
      record.state,
      runs ? timeSoFar(record, now) : timeTaken(record),
      notes.filter((note) => note !== '').join(': '),
    ];
  });
  const columns = [
    { head: 'stage' },
    { head: 'state' },
    { head: 'time', align: 'right' },
    { head: '' },
  ] as const;
  return table(columns, rows, painter(colours));
}

function pendingText(pending: readonly PendingActivity[]): string {
  const lines = pending.flatMap(pendingLines);
  return lines.length === 0 ? '' : ['Under way', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** An activity under way: how far it is, the try it is in and why, and whether anybody has taken it. */
export function pendingLines(pending: PendingActivity): readonly string[] {
  const { activity, attempt, progress, lastFailure, queuedSince } = pending;
  const far = progress === null ? '' : ` ${progressText(progress)}`;
  const again =
    attempt > 1 && lastFailure !== null ? `, try ${attempt}: ${lastFailure.split('\n')[0] ?? ''}` : '';
  const queued = queuedSince === null || attempt > 1 ? '' : ', not taken by a worker yet';
  return [`${activity}${far}${again}${queued}`];
}

function gatesText(gates: readonly GateStatus[], { colours, now }: Look): string {
  if (gates.length === 0) return '';
  const rows = gates.map((gate) => [
    gate.id,
    gate.open ? 'open' : 'closed',
    gate.before,
    gate.approvals.map(groupText).join('; '),
    hardText(gate, now),
  ]);
  const heads = ['gate', 'state', 'before', 'approvals', 'hard gate'].map((head) => ({ head }));
  return table(heads, rows, painter(colours));
}

function groupText({ group, need, have, of }: GateStatus['approvals'][number]): string {
  const left = of.filter((name) => !have.includes(name));
  const missing = have.length >= need ? '' : `, missing ${need - have.length} of ${left.join(', ')}`;
  return `${group} ${have.length}/${need}${have.length === 0 ? '' : ` (${have.join(', ')})`}${missing}`;
}

function hardText({ hard }: GateStatus, now: number): string {
  if (hard === null) return 'none, or not read yet';
  const value =
    hard.unreadable === undefined ? `read ${String(hard.value)}` : `unreadable: ${hard.unreadable}`;
  return `${hard.open ? 'open' : 'closed'}: ${value}, opens at ${hard.opens}; ${moment(hard.readAt)} (${ago(hard.readAt, now)})`;
}

function tiersText(tiers: Status['tiers'], colours: Colours): string {
  if (tiers.length === 0) return '';
  const rows = tiers.map(({ id, outcome }) => [id, outcome]);
  return table([{ head: 'tier' }, { head: 'state' }], rows, painter(colours));
}

function nextText(status: Status, colours: Colours): string {
  const commands = nextCommands(status);
  return commands.length === 0
    ? ''
    : [colours.bold('Next'), ...commands.map((line) => `  ${line}`)].join('\n');
}

/** Heads are dim; words that say well or badly have their colour. */
export function painter(colours: Colours): (cell: string, place: { row: number }) => string {
  return (cell, { row }) => (row === -1 ? colours.dim(cell) : paintByWord(colours, cell)(cell));
}
