import type { RunResult } from './run/conduct';
import { KINDS } from './run/kinds';
import { POINTS } from './run/points';

/** A line per run. */
export function progressLine({ plan, struck, ended, violations, notes, ms }: RunResult): string {
  const faults = plan.faults.map(({ point, kind, tier }, index) => {
    const where =
      point.reach.by === 'wire' && point.reach.inTier === true ? `${point.name} of ${tier}` : point.name;
    return `${kind} at ${where}${struck[index]?.isHit === true ? '' : ' (not reached)'}`;
  });
  const outcome = ended.map((each) => each.outcome).join(' + ') || 'no end';
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  const head = `${violations.length === 0 ? '✓' : '✗'} ${plan.id} ${plan.scenario.name}: ${faults.join('; ')} → ${outcome}, ${seconds}`;
  return [head, ...notes.map((note) => `    ${note}`), ...violations.map((text) => `    ✗ ${text}`)].join(
    '\n',
  );
}

/** Crash points with their hits, faults by kind, violations with the command that repeats each, and the last line. */
export function summary(results: readonly RunResult[], seed: number): string {
  const struck = results.flatMap((result) => result.struck);
  const hits = struck.filter(({ isHit }) => isHit);
  const byPoint = POINTS.map(({ name, family }) => [
    name,
    family,
    String(hits.filter(({ fault }) => fault.point.name === name).length),
    String(struck.filter(({ fault, isHit }) => !isHit && fault.point.name === name).length),
  ]);
  const byKind = KINDS.map((kind) => [kind, String(hits.filter(({ fault }) => fault.kind === kind).length)]);
  const bad = results.filter(({ violations }) => violations.length > 0);
  const total = bad.reduce((sum, { violations }) => sum + violations.length, 0);
  return [
    '',
    table(['crash point', 'of', 'hits', 'not reached'], byPoint),
    '',
    table(['fault', 'hits'], byKind),
    '',
    ...bad.flatMap(({ plan, violations }) => [
      ...violations.map((text) => `run ${plan.id}: ${text}`),
      `  npm run chaos -- --runs 1 --seed ${seed} --only ${plan.id}`,
    ]),
    `${results.length} runs, ${hits.length} faults, ${total} violations`,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
