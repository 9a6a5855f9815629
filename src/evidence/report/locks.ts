import { blockedBy, isInTheWay, strengthOf } from '../../core/rules/lock-conflicts';
import type { StatementMeasure } from '../../core/schema/attempt';
import type { LockHeld } from '../../core/schema/blast';
import { locksChart } from '../chart/locks';
import type { DrawnLock, TierLocks } from '../chart/locks';
import { sectionOf, table, text } from '../document';
import type { Block, Figure, Section, Table } from '../document';
import { bytes, duration } from '../amounts';
import { quoted, say, verbatim } from '../words';
import type { Words } from '../words';

type Measures = Readonly<Record<string, readonly StatementMeasure[]>>;

/** Locks of one tier that are drawn; the table has them all. */
const MOST_DRAWN = 8;
/** Statements of one tier that are listed; the longest come first. */
const MOST_STATEMENTS = 12;

interface Lock extends DrawnLock {
  readonly mode: string;
  /** Its tier made the relation: nobody else knows it yet. */
  readonly isNew: boolean;
}

/** What the tiers kept others from, and for how long: measured where `where` says. */
export function locksSection(measures: Measures, where: string): readonly Section[] {
  const tiers = Object.entries(measures).map(([tier, statements]) => ({
    tier,
    statements,
    locks: locksOf(statements),
  }));
  if (tiers.length === 0) return [];
  const figures = tiers.map(({ tier, statements, locks }) => drawn(tier, wholeOf(statements, locks), locks));
  const isAny = figures.some(({ locks }) => locks.length > 0);
  const data = lockTable(tiers);
  const none = 'No lock kept anybody from reading or writing a table.';
  const figure: Figure = {
    kind: 'figure',
    title: 'Locks over time',
    description: `What was kept from others, ${where}: from the beginning of the statement that took a lock to the end of its tier. Each tier has an axis of its own.`,
    drawing: locksChart(figures),
    data,
  };
  return sectionOf('Locks and statements', [
    ...(isAny ? [figure] : [text(none), data]),
    ...tiers.flatMap(({ tier, statements }) => statementTable(tier, statements)),
  ]);
}

function drawn(tier: string, ms: number, locks: readonly Lock[]): TierLocks {
  const felt = locks.filter(({ blocks, isNew }) => !isNew && isInTheWay(blocks));
  const shown = felt.slice(0, MOST_DRAWN);
  return { tier, ms, locks: shown, more: felt.length - shown.length };
}

/** Of each relation the strongest lock, in the order in which they were taken. */
function locksOf(statements: readonly StatementMeasure[]): readonly Lock[] {
  const found = new Map<string, Lock>();
  for (const [index, { locks }] of statements.entries())
    for (const held of locks) {
      const lock = asLock(held, spanOf(statements, index, held));
      const known = found.get(held.relation);
      if (known === undefined || strengthOf(lock.mode) > strengthOf(known.mode))
        found.set(held.relation, lock);
    }
  return [...found.values()];
}

function asLock({ relation, mode, blocks, isNew }: LockHeld, span: Pick<Lock, 'from' | 'to'>): Lock {
  return { relation, mode, ...span, blocks: blocks ?? blockedBy(mode), isNew: isNew === true };
}

/** From the beginning of the statement that took it; how long it was held was measured, or is the rest of the tier. */
function spanOf(
  statements: readonly StatementMeasure[],
  index: number,
  { heldMs }: LockHeld,
): Pick<Lock, 'from' | 'to'> {
  const from = statements[index]?.startedMs ?? msOf(statements.slice(0, index));
  return { from, to: heldMs === undefined ? Math.max(from, msOf(statements)) : from + heldMs };
}

/** The axis of a tier. */
function wholeOf(statements: readonly StatementMeasure[], locks: readonly Lock[]): number {
  const ends = statements.map(({ startedMs, ms }) => (startedMs ?? 0) + ms);
  return Math.max(msOf(statements), ...ends, ...locks.map(({ to }) => to));
}

function msOf(statements: readonly StatementMeasure[]): number {
  return statements.reduce((sum, { ms }) => sum + ms, 0);
}

function lockTable(tiers: readonly { readonly tier: string; readonly locks: readonly Lock[] }[]): Table {
  const rows = tiers.flatMap(({ tier, locks }) =>
    locks.map(({ relation, mode, from, to, blocks, isNew }): readonly Words[] => [
      quoted(relation),
      verbatim(tier),
      mode.replace(/Lock$/, ''),
      isNew ? 'nothing: the tier made it' : blocks,
      duration(from),
      duration(to - from),
    ]),
  );
  return table(
    ['relation', 'tier', 'lock', 'keeps others from', 'from', 'held'],
    rows,
    'The strongest lock on each relation',
  );
}

function statementTable(tier: string, measures: readonly StatementMeasure[]): readonly Block[] {
  const shown = [...measures].sort((one, other) => other.ms - one.ms).slice(0, MOST_STATEMENTS);
  const rows = shown.map(({ number, line, text: words, ms, rows: count, walBytes, ...did }) => [
    String(number),
    String(line),
    quoted(words),
    duration(ms),
    count === null ? '' : String(count),
    String(walBytes),
    verbatim(costOf(did)),
  ]);
  const which = shown.length === measures.length ? '' : `, the ${shown.length} longest of ${measures.length}`;
  const heads = ['statement', 'line', 'SQL', 'took', 'rows', 'WAL bytes', 'cost'];
  return [{ ...table(heads, rows, [...say`Statements of ${tier}`, which]), isFolded: true }];
}

/** What of it is felt by others, or fills a disk. */
function costOf({
  rewrites,
  indexBuilds = [],
  scans = [],
  temporaryBytes,
}: Pick<StatementMeasure, 'rewrites' | 'indexBuilds' | 'scans' | 'temporaryBytes'>): string {
  return [
    ...rewrites.map((relation) => `rewrites ${relation}`),
    ...indexBuilds.map(({ index }) => `builds ${index}`),
    ...scans.map(({ relation }) => `scans ${relation}`),
    ...(typeof temporaryBytes === 'number' && temporaryBytes > 0
      ? [`${bytes(temporaryBytes)} temporary`]
      : []),
  ].join(', ');
}
