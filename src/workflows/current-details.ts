import type { GateStatus, StageRecord, Status } from '../core/schema/outcome';

const SIGNS = { waiting: '…', running: '▶', done: '✔', failed: '✘', skipped: '–' } as const;

/** The Markdown that the Temporal UI shows as current details: what it waits for, the stages, the gates, the tiers. */
export function currentDetails(status: Status): string {
  return [
    `**${status.stage}**${status.paused ? ' — paused' : ''}`,
    list('Waiting for', status.waitingFor),
    list('To decide', status.choices),
    stuckText(status),
    table(['', 'stage', 'time', ''], status.stages.map(stageRow)),
    table(['gate', 'before', 'state', 'approved', 'hard gate'], status.gates.map(gateRow)),
    table(
      ['tier', 'state'],
      status.tiers.map((tier) => [tier.id, tier.outcome]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The SQL that a person may have to run by hand, and where to read how. */
function stuckText({ stuck }: Status): string {
  if (stuck === undefined) return '';
  const cut = stuck.more === 0 ? '' : `\n-- ${stuck.more} more characters in the file`;
  return [
    `The rollback of ${stuck.tier}, ${stuck.file}:${stuck.line}; read ${stuck.runbook.join(' and ')}:`,
    ['~~~sql', `${stuck.sql}${cut}`, '~~~'].join('\n'),
  ].join('\n\n');
}

function stageRow({ stage, state, ms, note }: StageRecord): string[] {
  return [SIGNS[state], stage, ms === undefined ? '' : duration(ms), note ?? ''];
}

function gateRow(gate: GateStatus): string[] {
  const approved = gate.approvals.map(
    (group) =>
      `${group.group} ${group.have.length}/${group.need}${group.have.length > 0 ? ` (${group.have.join(', ')})` : ''}`,
  );
  const hard =
    gate.hard === null
      ? ''
      : `${gate.hard.unreadable === undefined ? String(gate.hard.value) : 'unreadable'}, opens ${gate.hard.opens}, read ${gate.hard.readAt}`;
  return [gate.id, gate.before, gate.open ? 'open' : 'closed', approved.join(' · '), hard];
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `- ${line}`)].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
