import { workflowInfo } from '@temporalio/workflow';
import type { GateReading } from '../core/schema/attempt';
import type { GateChange, MonitorState } from '../core/schema/monitor';
import type { Notice } from '../core/schema/notice';
import { at, ask } from './asking';
import type { Opened } from '../activities/orders';
import type { MonitorMemory } from './monitor-memory';

/** A target and the queue of its workers. */
interface Place {
  readonly target: string;
  readonly queue: string;
}

/** Releases that one notice names. */
const MOST_NAMED = 20;

/** Gates that opened, closed, or cannot be read any more; what was never read before has not changed. */
export function tellChanges(place: Place, memory: MonitorMemory, all: readonly GateChange[]): void {
  const changes = all.filter(({ first }) => first !== true);
  if (changes.length === 0) return;
  const opened = changes.filter((change) => change.open);
  const open = opened.length === 0 ? [] : memory.open.slice(0, MOST_NAMED);
  const news = {
    kind: 'gate',
    title: `${place.target}: ${opened.length > 0 ? 'a gate is open' : 'a gate is closed'}`,
    lines: changes.map(changeText),
    choices: open.map(({ release }) => `\`one-roof order ${release}\` tells what follows now, word for word`),
  } as const;
  tellPeople(place, news, open);
}

/** Closed because it cannot be read: somebody must look, once. */
export function tellAlarm(place: Place, memory: MonitorMemory, afterMs: number): void {
  const unreadable = memory.unreadable;
  if (unreadable === null) {
    memory.isAlarmed = false;
    return;
  }
  if (memory.isAlarmed || Date.now() - Date.parse(unreadable.since) < afterMs) return;
  memory.isAlarmed = true;
  tellPeople(place, {
    kind: 'alarm',
    title: `${place.target}: its gates cannot be read, and count as closed`,
    lines: [unreadable.why, `since ${unreadable.since}`],
    choices: ['mend the query or the connection: it is read again by itself'],
  });
}

/** Something that a release would not like. */
export function tellAnomalies(place: Place, memory: MonitorMemory, fresh: readonly string[]): void {
  tellPeople(place, {
    kind: 'anomaly',
    title: `${place.target}: ${fresh.length} things that a release would not like`,
    lines: [...fresh],
    choices: [
      `${memory.waiting.size} releases wait there; \`one-roof gate status ${place.target}\` shows more`,
    ],
  });
}

/** Nobody waits for it; where nobody could be told, the status of the monitor is there all the same. */
function tellPeople(
  { target, queue }: Place,
  news: Pick<Notice, 'kind' | 'title'> & {
    readonly lines: readonly string[];
    readonly choices: readonly string[];
  },
  opened: readonly Opened[] = [],
): void {
  const now = new Date().toISOString();
  const { workflowId } = workflowInfo();
  const notice: Notice = {
    key: `${workflowId}/${news.kind}/${now}`,
    workflow: workflowId,
    target,
    package: null,
    at: now,
    ...news,
    lines: [...news.lines],
    choices: [...news.choices],
  };
  void ask(at(queue).reads.notifyPeople, `${target}: people are told: ${news.title}`, {
    target,
    notice,
    ...(opened.length === 0 ? {} : { opened }),
  }).catch(() => undefined);
}

function changeText({ gate, of, scope, open, value, unreadable }: GateChange): string {
  const state =
    unreadable === undefined
      ? `${open ? 'open' : 'closed'}, read ${String(value)}`
      : `unreadable: ${unreadable}`;
  return `gate ${gate} of ${of}, scope ${scope}: ${state}`;
}

/** The Markdown that the Temporal UI shows of a monitor. */
export function monitorDetails({
  target,
  waiting,
  read,
  readings,
  readAt,
  changes,
  anomalies,
}: MonitorState): string {
  const rows = read.flatMap(({ of, readings: each, unreadable }) => [
    ...(unreadable === null ? [] : [`| all | ${of} | closed | ${unreadable} | ${readAt ?? ''} |`]),
    ...each.map((reading) => readingRow(of, reading)),
  ]);
  return [
    `**${target}**: ${waiting.length} waiting, ${readings} readings`,
    ['| gate | of | state | value | read |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    ...(changes.length === 0
      ? []
      : [
          ['Changes:', ...changes.slice(-10).map((change) => `- ${change.at} ${changeText(change)}`)].join(
            '\n',
          ),
        ]),
    ...(anomalies.length === 0
      ? []
      : [['Anomalies:', ...anomalies.map(({ what, since }) => `- ${what} (since ${since})`)].join('\n')]),
  ].join('\n\n');
}

function readingRow(of: string, { gate, open, value, readAt, unreadable }: GateReading): string {
  return `| ${gate} | ${of} | ${open ? 'open' : 'closed'} | ${unreadable ?? String(value)} | ${readAt} |`;
}
