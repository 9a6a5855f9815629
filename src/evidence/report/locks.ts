import type { StatementMeasure } from '../../core/schema/attempt';
import { locksChart } from '../chart/locks';
import type { Blocks, DrawnLock, TierLocks } from '../chart/locks';
import { sectionOf, table, text } from '../document';
import type { Block, Figure, Section, Table } from '../document';
import { duration } from '../report-blocks';
import { quoted, say, verbatim } from '../words';
import type { Words } from '../words';

type Measures = Readonly<Record<string, readonly StatementMeasure[]>>;

/** Locks of one tier that are drawn; the table has them all. */
const MOST_DRAWN = 8;
/** Statements of one tier that are listed; the longest come first. */
const MOST_STATEMENTS = 12;

const STRENGTH: readonly Blocks[] = [
  'nothing that applications do',
  'schema changes',
  'writes',
  'reads and writes',
];

interface Lock extends DrawnLock {
  readonly mode: string;
}

/** What the tiers kept others from, and for how long: measured where `where` says. */
export function locksSection(measures: Measures, where: string): readonly Section[] {
  const tiers = Object.entries(measures).map(([tier, statements]) => ({
    tier,
    statements,
    locks: locksOf(statements),
  }));
  if (tiers.length === 0) return [];
  const figures = tiers.map(({ tier, statements, locks }) => drawn(tier, msOf(statements), locks));
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
  const felt = locks.filter(({ blocks }) => STRENGTH.indexOf(blocks) >= 2);
  const shown = felt.slice(0, MOST_DRAWN);
  return { tier, ms, locks: shown, more: felt.length - shown.length };
}

/** Of each relation the strongest lock, in the order in which they were taken. */
function locksOf(statements: readonly StatementMeasure[]): readonly Lock[] {
  const end = msOf(statements);
  const found = new Map<string, Lock>();
  statements.forEach(({ locks }, index) => {
    const from = msOf(statements.slice(0, index));
    for (const { relation, mode } of locks) {
      const lock: Lock = { relation, mode, from, to: end, blocks: blocksOf(mode) };
      const known = found.get(relation);
      if (known === undefined || STRENGTH.indexOf(lock.blocks) > STRENGTH.indexOf(known.blocks))
        found.set(relation, lock);
    }
  });
  return [...found.values()];
}

function msOf(statements: readonly StatementMeasure[]): number {
  return statements.reduce((sum, { ms }) => sum + ms, 0);
}

/** By PostgreSQL's table of conflicting lock modes, seen from a `select`, an `insert` and a change of the schema. */
function blocksOf(mode: string): Blocks {
  if (mode === 'AccessExclusiveLock') return 'reads and writes';
  if (['ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock'].includes(mode)) return 'writes';
  return mode === 'ShareUpdateExclusiveLock' ? 'schema changes' : 'nothing that applications do';
}

function lockTable(tiers: readonly { readonly tier: string; readonly locks: readonly Lock[] }[]): Table {
  const rows = tiers.flatMap(({ tier, locks }) =>
    locks.map(({ relation, mode, from, to, blocks }): readonly Words[] => [
      quoted(relation),
      verbatim(tier),
      mode.replace(/Lock$/, ''),
      blocks,
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
  const rows = shown.map(({ number, line, text: words, ms, rows: count, rewrites, walBytes }) => [
    String(number),
    String(line),
    quoted(words),
    duration(ms),
    count === null ? '' : String(count),
    String(walBytes),
    verbatim(rewrites.join(', ')),
  ]);
  const which = shown.length === measures.length ? '' : `, the ${shown.length} longest of ${measures.length}`;
  const heads = ['statement', 'line', 'SQL', 'took', 'rows', 'WAL bytes', 'rewrites'];
  return [{ ...table(heads, rows, [...say`Statements of ${tier}`, which]), isFolded: true }];
}
