import type { MetricValue } from '../schema/name';

/** Does a hard gate's value meet its condition (`> 0`)? What is no number is never open. */
export function isOpen(value: MetricValue, opens: string): boolean {
  const match = /^(>=|<=|<>|>|<|=)\s*(-?\d+(?:\.\d+)?)$/.exec(opens.trim());
  const actual = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (match === null || typeof actual !== 'number' || !Number.isFinite(actual)) return false;
  const bound = Number(match[2]);
  switch (match[1]) {
    case '>':
      return actual > bound;
    case '>=':
      return actual >= bound;
    case '<':
      return actual < bound;
    case '<=':
      return actual <= bound;
    case '=':
      return actual === bound;
    default:
      return actual !== bound;
  }
}
