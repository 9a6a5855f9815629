import { judgeRiskNotes } from '../core/rules/judge-risk-note';
import type { Claim, FeltLock, JudgedNote, NotesRead } from '../core/rules/judge-risk-note';
import type { StatementMeasure } from '../core/schema/attempt';
import { duration } from './amounts';
import { table, text } from './document';
import type { Block } from './document';
import { joined, partsOf, quoted, say, strong, verbatim } from './words';
import type { Words } from './words';

export const NOTES_TITLE = 'Notes of a linter, beside what was measured';

/** Notes of a kind that are shown; `one-roof package check` has them all. */
const MOST = 30;

/** What was measured of the tiers that are asked about, and where. */
export interface MeasuredThere {
  readonly measures: Readonly<Record<string, readonly StatementMeasure[]>>;
  readonly tiers: readonly string[];
  /** `in its rehearsal, on a clone` */
  readonly where: string;
}

/** A linter warns of what might be; beside each of its notes stands what the statement did. */
export function judgedNotes(read: NotesRead, { measures, tiers, where }: MeasuredThere): readonly Block[] {
  if ('unread' in read) return [text(say`There are no notes: ${read.unread}.`)];
  const judged = judgeRiskNotes(read.notes, measures, tiers);
  if (judged.length === 0) return [text('squawk, a linter, has read the SQL and notes nothing.')];
  const spoken = judged.filter(({ verdict }) => verdict !== 'not measurable');
  const others = judged.filter(({ verdict }) => verdict === 'not measurable');
  return [
    text(
      `squawk, a linter, has only read the SQL; what its statements did was measured ${where}. Where the two disagree, the measurement counts.`,
    ),
    ...shown(spoken, 'Notes on locks, rewrites, index builds and scans'),
    ...shown(others, 'Notes on applications and on style: no measurement tells whether they are right'),
  ];
}

function shown(judged: readonly JudgedNote[], caption: string): readonly Block[] {
  if (judged.length === 0) return [];
  const left = judged.length - MOST;
  const rows = judged.slice(0, MOST).map(noteRow);
  return [
    { ...table(['at', 'squawk notes', 'verdict', 'measured'], rows, caption), isOfCards: true },
    ...(left > 0 ? [text(`… and ${left} more: \`one-roof package check FOLDER\` has them all.`)] : []),
  ];
}

function noteRow({ note, verdict, refuted, cost }: JudgedNote): readonly Words[] {
  const { tier, file, line, rule, message } = note;
  const known = verdict === 'not measurable' ? '' : verdict;
  return [
    say`${tier}, ${file}:${line}`,
    say`${quoted(rule)}: ${message.trim()}`,
    verdict === 'measured otherwise' ? strong(known) : known,
    cost === null ? '' : joined([...did(cost), ...refuted.map((claim) => DENIED[claim])], '; '),
  ];
}

const DENIED: Readonly<Record<Claim, string>> = {
  'keeps writers away': 'it kept nobody from writing',
  'keeps readers away': 'it kept nobody from reading',
  rewrites: 'it wrote no table anew',
  'builds an index': 'it built no index on a table that was there before',
  'reads it all': 'it read no table through to validate it',
};

function did({ locks, rewrites, indexBuilds, scans, own }: NonNullable<JudgedNote['cost']>): Words[] {
  return [
    ...locks.map(lockText),
    ...rewrites.map((relation) => say`wrote ${quoted(relation)} anew`),
    ...indexBuilds.map(({ index, table: on }) => say`built ${quoted(index)} on ${quoted(on)}`),
    ...scans.map(
      ({ relation, rows }) => say`read all of ${quoted(relation)}${rows === null ? '' : ` (${rows} rows)`}`,
    ),
    ...(locks.length > 0 || own.length === 0
      ? []
      : [['the tier’s own, nobody else knew it: ', ...partsOf(joined(own.map(quoted), ', '))]]),
  ];
}

function lockText({ relation, mode, blocks, ms, since }: FeltLock): Words {
  const time = ms === null ? '' : ` for ${duration(ms)}`;
  const taken = since === null ? '' : `, held since line ${since}`;
  return say`${quoted(relation)}${verbatim(time)}: ${mode.replace(/Lock$/, '')} blocks ${blocks}${taken}`;
}
