import type { StageRecord } from '../../core/schema/outcome';
import type { Colours } from '../terminal';

/** The sign of a stage's state; the word stands beside it, for nobody should need to know the signs. */
export const STAGE_MARKS: Readonly<Record<StageRecord['state'], string>> = {
  waiting: '◦',
  running: '▸',
  done: '✓',
  failed: '✗',
  skipped: '–',
};

/** Paints text by what it says: well, badly, or still under way. */
export function paintByWord(colours: Colours, word: string): (text: string) => string {
  const plain = word.trim();
  if (GOOD.has(plain)) return colours.green;
  if (BAD.has(plain)) return colours.red;
  return UNDER_WAY.has(plain) ? colours.yellow : String;
}

const GOOD = new Set([
  'rehearsed',
  'released',
  'applied',
  'already applied',
  'identical',
  'as declared',
  'organic',
  'unchanged',
  'open',
  'done',
  'completed',
  'running',
  'ok',
]);
const BAD = new Set([
  'failed',
  'rolled back',
  'rejected',
  'expired',
  'aborted',
  'refused',
  'stuck',
  'drift',
  'different',
  'does not run',
  'missing',
  'changed',
  'terminated',
  'stale',
  'not ok',
]);
const UNDER_WAY = new Set(['waiting', 'closed', 'paused', 'not reached', 'stopped']);
