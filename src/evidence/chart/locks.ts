import type { Blocked } from '../../core/schema/blast';
import { duration } from '../amounts';
import { element, escapeXml, shortened, shortenedAhead } from './drawing';
import type { Drawing } from './drawing';

/** A lock as it is drawn; times are ms since the first statement of its tier began. */
export interface DrawnLock {
  readonly relation: string;
  readonly from: number;
  readonly to: number;
  readonly blocks: Blocked;
}

/** The locks of one tier; `ms` is how long its statements took. */
export interface TierLocks {
  readonly tier: string;
  readonly ms: number;
  readonly locks: readonly DrawnLock[];
  /** Locks that are not drawn. */
  readonly more: number;
}

const HEAD = 32;
const ROW = 34;
const BAR = 11;
const GAP = 14;
const THINNEST = 0.7;
const LONGEST_NAME = 34;

const CLASSES: readonly (readonly [Blocked, string])[] = [
  ['reads and writes', 'blocks-all'],
  ['writes', 'blocks-writes'],
  ['schema changes', 'blocks-ddl'],
  ['nothing that applications do', 'blocks-none'],
];

/** What each tier kept locked, on an axis of time of its own: from the statement that took a lock to the end of the tier. */
export function locksChart(tiers: readonly TierLocks[]): Drawing {
  const tops = tiers.reduce<readonly number[]>(
    (all, tier) => [...all, (all.at(-1) ?? 0) + heightOf(tier)],
    [0],
  );
  const seen = tiers.flatMap(({ locks }) => locks.map(({ blocks }) => blocks));
  return {
    height: tops.at(-1) ?? 0,
    body: tiers.map((tier, index) => panel(tier, tops[index] ?? 0)).join(''),
    legend: CLASSES.filter(([blocks]) => seen.includes(blocks)).map(([blocks, key]) => [
      key,
      `blocks ${blocks}`,
    ]),
  };
}

function heightOf({ locks, more }: TierLocks): number {
  return HEAD + locks.length * ROW + (restOf({ locks, more }) === '' ? 0 : 20) + GAP;
}

function restOf({ locks, more }: Pick<TierLocks, 'locks' | 'more'>): string {
  if (locks.length === 0) return 'keeps nobody from reading or writing';
  return more === 0 ? '' : `and ${more} more, in the table`;
}

function panel({ tier, ms, locks, more }: TierLocks, top: number): string {
  const rows = locks.map((lock, index) => row(lock, { ms, top: top + HEAD + index * ROW }));
  const end = top + HEAD + locks.length * ROW + 12;
  return [
    element('text', { x: 0, y: top + 16, class: 'strong' }, escapeXml(shortened(tier, LONGEST_NAME))),
    element('text', { x: '100%', y: top + 16, 'text-anchor': 'end', class: 'quiet' }, `0 – ${duration(ms)}`),
    element('line', { x1: 0, x2: '100%', y1: top + 23, y2: top + 23, class: 'rule' }),
    ...rows,
    element('text', { x: 0, y: end, class: 'quiet' }, restOf({ locks, more })),
  ].join('');
}

function row(lock: DrawnLock, { ms, top }: { ms: number; top: number }): string {
  const whole = Math.max(ms, lock.to, 0.001);
  const width = Math.max(((lock.to - lock.from) / whole) * 100, THINNEST);
  const x = Math.min((lock.from / whole) * 100, 100 - width);
  const key = CLASSES.find(([blocks]) => blocks === lock.blocks)?.[1] ?? 'blocks-none';
  const bar = { x: `${round(x)}%`, y: top + 18, width: `${round(width)}%`, height: BAR, rx: 2, class: key };
  return [
    element('text', { x: 0, y: top + 12 }, escapeXml(shortenedAhead(lock.relation, LONGEST_NAME))),
    element(
      'text',
      { x: '100%', y: top + 12, 'text-anchor': 'end', class: 'quiet' },
      duration(lock.to - lock.from),
    ),
    element('rect', { x: 0, y: top + 18, width: '100%', height: BAR, rx: 2, class: 'track' }),
    element('rect', bar),
  ].join('');
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
