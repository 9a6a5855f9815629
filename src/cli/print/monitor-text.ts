import type { GateReading } from '../../core/schema/attempt';
import type { GateChange, MonitorState } from '../../core/schema/monitor';
import type { Colours } from '../terminal';
import { ago, count, moment } from '../../evidence/amounts';
import { painter } from './status-text';
import { table } from './table';

const MOST_CHANGES = 10;

/** A gate monitor: each gate with the age of its reading, who waits, what changed, what a release would not like. */
export function monitorText(
  state: MonitorState,
  { colours, now }: { colours: Colours; now: number },
): string {
  const { target, readAt, readings, since, keptBy, waiting, anomalies } = state;
  const read = readAt === null ? 'not read yet' : `read ${ago(readAt, now)}`;
  const why = keptBy === null ? 'while a release waits' : `for good, by ${keptBy}`;
  const parts = [
    `${colours.bold(target)}: ${read}; ${count(readings)} readings since ${moment(since)}; monitored ${why}`,
    gatesText(state, colours),
    section(
      colours,
      'Waiting',
      waiting.map(({ release, gates }) => `${release}: ${gates.join(', ')}`),
    ),
    section(
      colours,
      'Changes, the newest first',
      [...state.changes].reverse().slice(0, MOST_CHANGES).map(changeText),
    ),
    section(
      colours,
      'What a release would not like',
      anomalies.map(({ what, since: from }) => `${what} (since ${moment(from)})`),
    ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function gatesText({ read }: MonitorState, colours: Colours): string {
  const rows = read.flatMap(({ of, scope, readings, unreadable }) => [
    ...(unreadable === null ? [] : [['all', of, scope, 'closed', `unreadable: ${unreadable}`, '']]),
    ...readings.map((reading) => row(of, scope, reading)),
  ]);
  if (rows.length === 0) return 'no hard gate: people alone decide there';
  const heads = ['gate', 'of', 'scope', 'state', 'read', 'opens at'].map((head) => ({ head }));
  return table(heads, rows, painter(colours));
}

function row(
  of: string,
  scope: string,
  { gate, open, value, opens, unreadable }: GateReading,
): readonly string[] {
  return [
    gate,
    of,
    scope,
    open ? 'open' : 'closed',
    unreadable === undefined ? String(value) : `unreadable: ${unreadable}`,
    opens,
  ];
}

function changeText({ gate, of, open, value, unreadable, at }: GateChange): string {
  const state =
    unreadable === undefined
      ? `${open ? 'open' : 'closed'}, read ${String(value)}`
      : `unreadable: ${unreadable}`;
  return `${moment(at)} gate ${gate} of ${of}: ${state}`;
}

function section(colours: Colours, title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [colours.bold(title), ...lines.map((line) => `  ${line}`)].join('\n');
}
