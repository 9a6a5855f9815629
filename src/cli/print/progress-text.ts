import type { Progress } from '../../core/schema/heartbeat';
import { bytes, count } from '../../evidence/amounts';

const WIDTH = 24;

/** `dump ██████░░░░ 12/40 tables`; without a bar where the whole is not known. What it waits for stands in brackets. */
export function progressText({ what, done, total, unit, note }: Progress): string {
  const amount = (value: number): string => (unit === 'bytes' ? bytes(value) : count(value));
  const name = unit === 'bytes' ? '' : ` ${unit}`;
  const waits = note === undefined ? '' : ` (${note})`;
  if (total <= 0) return `${what} ${amount(done)}${name}${waits}`;
  return `${what} ${bar(done / total)} ${amount(done)}/${amount(total)}${name}${waits}`;
}

/** How much longer it takes at the pace so far; undefined while that says nothing. */
export function remainingMs({ done, total }: Progress, elapsedMs: number): number | undefined {
  if (total <= 0 || done <= 0 || done > total || elapsedMs < 1_000) return undefined;
  return (elapsedMs / done) * (total - done);
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * WIDTH);
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
}
