import { CIRCUMSTANCES } from './circumstances';
import { isRight } from './repair';
import type { Run } from './run-again';
import { SCENARIOS } from './scenarios';
import type { Result } from './trial';

const HEAD = [
  'tool',
  'version',
  'scenario',
  'state left',
  'what the next run does',
  'manual steps',
  'end state',
];

/** What was measured, with what, and when. */
export interface Report {
  readonly date: string;
  readonly postgres: string;
  readonly rows: number;
  readonly results: readonly Result[];
}

/** The tools and their commands, a summary, then a Markdown table for each circumstance that was tried. */
export function markdown({ date, postgres, rows, results }: Report): string {
  const scene = `Measured on ${date.slice(0, 10)} with PostgreSQL ${postgres} and a table of ${rows} rows.`;
  const tables = CIRCUMSTANCES.flatMap(({ id, title }) => {
    const tried = results.filter(({ circumstance }) => circumstance === id);
    return tried.length === 0 ? [] : [`### ${title}`, table(HEAD, inOrder(tried).map(row))];
  });
  return `${[scene, tools(results), legend(results), '### Manual steps', summary(results), ...tables].join('\n\n')}\n`;
}

function tools(results: readonly Result[]): string {
  const rows = new Map(
    results.map(({ peer, version, command }) => [peer, [code(peer), version, `\`${command}\``]]),
  );
  return table(['tool', 'version', 'a run'], [...rows.values()]);
}

function legend(results: readonly Result[]): string {
  const tried = SCENARIOS.filter(({ id }) => results.some(({ scenario }) => scenario === id));
  return tried.map(({ title, what }) => `- **${title}**: ${what}`).join('\n');
}

/** A row a scenario and a column a tool: the manual steps in each circumstance, `!` where a run said exit 0 and it was wrong. */
function summary(results: readonly Result[]): string {
  const tools = [...new Set(results.map(({ peer }) => peer))];
  const rows = SCENARIOS.flatMap(({ id, title }) => {
    const tried = results.filter(({ scenario }) => scenario === id);
    if (tried.length === 0) return [];
    return [[title, ...tools.map((tool) => stepsOf(tried.filter(({ peer }) => peer === tool)))]];
  });
  return table(['scenario', ...tools.map(code)], rows);
}

function stepsOf(results: readonly Result[]): string {
  const isSilent = ({ runs }: Result): boolean =>
    runs.some(({ code, after }) => code === 0 && !isRight(after));
  return results.map((result) => `${result.steps.length}${isSilent(result) ? '!' : ''}`).join(' · ');
}

function inOrder(results: readonly Result[]): readonly Result[] {
  return SCENARIOS.flatMap(({ id }) => results.filter(({ scenario }) => scenario === id));
}

function row(result: Result): readonly string[] {
  const { peer, version, scenario, runs, steps, end } = result;
  const title = SCENARIOS.find(({ id }) => id === scenario)?.title ?? scenario;
  const counted = steps.length === 0 ? '0' : `${steps.length}: ${steps.join(', then ')}`;
  return [code(peer), version, title, stateLeft(result), runs.map(told).join('; then '), counted, end];
}

function stateLeft({ left, ranOnMs, later }: Result): string {
  const now = `${left.effect.words}, ${left.record}`;
  if (left.sessions.length === 0) return `${now}; no session`;
  if (later === null) return `${now}; the statement still runs`;
  const time = ranOnMs === null ? 'more than a minute' : seconds(ranOnMs);
  const before = left.effect.kind === 'nothing' ? '' : `${left.effect.words}; `;
  return `${before}the statement runs on for ${time}; then ${later.effect.words}, ${later.record}`;
}

function told({ code, ms, said, after }: Run, index: number, runs: readonly Run[]): string {
  const first = runs[0];
  if (index > 0 && first?.code === code && first.said === said) return 'the same again';
  const state = `${after.effect.words}, ${after.record}`;
  if (code === 0) return `exit 0 after ${seconds(ms)}: ${state}`;
  return `exit ${code ?? 'by a time limit'} after ${seconds(ms)}, \`${said}\`: ${state}`;
}

function code(name: string): string {
  return `\`${name}\``;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
