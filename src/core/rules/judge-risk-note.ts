import type { StatementMeasure } from '../schema/attempt';
import type { Blocked, IndexBuild, LockHeld, ValidationScan } from '../schema/blast';
import type { RiskNote } from '../schema/risk-note';
import { blockedBy, isInTheWay } from './lock-conflicts';

/** What a rule of the linter says that a server can be asked about. */
export type Claim =
  'keeps writers away' | 'keeps readers away' | 'rewrites' | 'builds an index' | 'reads it all';

/**
 * By rule of squawk 2.61, from the words of its messages. A rule that is not here speaks of applications or of style:
 * nothing that is measured can say whether it is right.
 */
const CLAIMS: Readonly<Record<string, readonly Claim[]>> = {
  'adding-field-with-default': ['keeps readers away', 'rewrites'],
  'adding-foreign-key-constraint': ['keeps writers away', 'reads it all'],
  'adding-not-nullable-field': ['keeps readers away', 'reads it all'],
  'adding-serial-primary-key-field': ['keeps readers away', 'builds an index'],
  'changing-column-type': ['keeps readers away', 'rewrites'],
  'constraint-missing-not-valid': ['keeps writers away', 'reads it all'],
  'disallowed-unique-constraint': ['keeps readers away', 'builds an index'],
  'require-concurrent-index-creation': ['keeps writers away', 'builds an index'],
  'require-concurrent-index-deletion': ['keeps readers away'],
  'require-concurrent-partition-detach': ['keeps readers away'],
  'require-concurrent-reindex': ['keeps readers away'],
};

export interface FeltLock {
  readonly relation: string;
  readonly mode: string;
  readonly blocks: Blocked;
  /** null: not measured */
  readonly ms: number | null;
  /** The line of the earlier statement that took it, where this one found it held. */
  readonly since: number | null;
}

/** What the statement under a note did to those who use the database beside it. */
export interface StatementCost {
  readonly locks: readonly FeltLock[];
  readonly rewrites: readonly string[];
  readonly indexBuilds: readonly IndexBuild[];
  readonly scans: readonly ValidationScan[];
  /** What it locked and its own tier had made: nobody else knows it yet. */
  readonly own: readonly string[];
}

const VERDICTS = ['measured so', 'measured otherwise', 'not measured', 'not measurable'] as const;

/** Where linter and measurement disagree, the measurement is what counts. */
export interface JudgedNote {
  readonly note: RiskNote;
  readonly verdict: (typeof VERDICTS)[number];
  /** What the note says and the measurement does not bear out. */
  readonly refuted: readonly Claim[];
  /** null: its statement was not measured */
  readonly cost: StatementCost | null;
}

/** What the linter noted of a package, or why there is nothing to show. */
export type NotesRead = { readonly notes: readonly RiskNote[] } | { readonly unread: string };

/** The notes on these tiers; those that a measurement speaks to come first. */
export function judgeRiskNotes(
  notes: readonly RiskNote[],
  measures: Readonly<Record<string, readonly StatementMeasure[]>>,
  tiers: readonly string[],
): readonly JudgedNote[] {
  const judged = notes
    .filter(({ tier }) => tiers.includes(tier))
    .map((note) => judgeRiskNote(note, measures[note.tier] ?? []));
  return VERDICTS.flatMap((verdict) => judged.filter((each) => each.verdict === verdict));
}

/** A note beside what its statement did; `measures` are those of its tier. */
export function judgeRiskNote(note: RiskNote, measures: readonly StatementMeasure[]): JudgedNote {
  const claims = CLAIMS[note.rule] ?? [];
  const statements = statementsAt(note.line, measures);
  const cost = statements.length === 0 ? null : costOf(statements, measures);
  if (claims.length === 0) return { note, verdict: 'not measurable', refuted: [], cost };
  if (cost === null || statements.some((statement) => !answers(statement, claims)))
    return { note, verdict: 'not measured', refuted: [], cost };
  const refuted = claims.filter((claim) => !holds(claim, cost));
  return { note, verdict: refuted.length === 0 ? 'measured so' : 'measured otherwise', refuted, cost };
}

/** A note stands anywhere in its statement, which began in that line or above; several may have begun in one line. */
function statementsAt(line: number, measures: readonly StatementMeasure[]): readonly StatementMeasure[] {
  const began = Math.max(...measures.map((each) => each.line).filter((each) => each <= line));
  return measures.filter((each) => each.line === began);
}

/** Evidence from before builds and scans were measured is silent on them; that is no proof that there were none. */
function answers({ indexBuilds, scans }: StatementMeasure, claims: readonly Claim[]): boolean {
  return (
    (indexBuilds !== undefined || !claims.includes('builds an index')) &&
    (scans !== undefined || !claims.includes('reads it all'))
  );
}

function holds(claim: Claim, { locks, rewrites, indexBuilds, scans }: StatementCost): boolean {
  switch (claim) {
    case 'keeps writers away':
      return locks.length > 0;
    case 'keeps readers away':
      return locks.some(({ blocks }) => blocks === 'reads and writes');
    case 'rewrites':
      return rewrites.length > 0;
    case 'builds an index':
      return indexBuilds.length > 0;
    case 'reads it all':
      return scans.length + indexBuilds.length + rewrites.length > 0;
  }
}

function costOf(
  statements: readonly StatementMeasure[],
  measures: readonly StatementMeasure[],
): StatementCost {
  const held = statements.flatMap((statement) => locksUnder(statement, measures));
  return {
    locks: held.filter(isFelt),
    rewrites: statements.flatMap(({ rewrites }) => rewrites),
    indexBuilds: statements.flatMap(({ indexBuilds = [] }) => indexBuilds),
    scans: statements.flatMap(({ scans = [] }) => scans),
    own: [...new Set(held.filter(({ isNew }) => isNew).map(({ relation }) => relation))],
  };
}

interface Lock extends FeltLock {
  readonly isNew: boolean;
}

/** A transaction takes a lock once: a later statement on the same table finds it held, and takes none that is newer. */
function locksUnder(statement: StatementMeasure, measures: readonly StatementMeasure[]): readonly Lock[] {
  const earlier = measures
    .filter(({ number }) => number < statement.number)
    .flatMap((each) =>
      each.locks
        .filter(({ relation }) => isNamedIn(statement.text, relation))
        .filter((lock) => !isReleased(lock, each, statement))
        .map((lock) => lockOf(lock, each.line)),
    );
  return [...statement.locks.map((lock) => lockOf(lock, null)), ...earlier];
}

/** Outside a transaction a lock ends with its statement. */
function isReleased({ heldMs }: LockHeld, by: StatementMeasure, before: StatementMeasure): boolean {
  if (heldMs === undefined || by.startedMs === undefined || before.startedMs === undefined) return false;
  return by.startedMs + heldMs < before.startedMs;
}

function lockOf({ relation, mode, heldMs, blocks, isNew }: LockHeld, since: number | null): Lock {
  return {
    relation,
    mode,
    blocks: blocks ?? blockedBy(mode),
    ms: heldMs ?? null,
    since,
    isNew: isNew === true,
  };
}

function isFelt({ isNew, blocks }: Lock): boolean {
  return !isNew && isInTheWay(blocks);
}

/** By its name without the schema, as a word of its own. */
function isNamedIn(sql: string, relation: string): boolean {
  const name = relation.slice(relation.lastIndexOf('.') + 1).replaceAll('"', '');
  return sql
    .toLowerCase()
    .split(/[^\p{L}\p{N}_$]+/u)
    .includes(name.toLowerCase());
}
