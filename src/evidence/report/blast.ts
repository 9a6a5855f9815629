import { isInTheWay } from '../../core/rules/lock-conflicts';
import type { BlastComparison, FigureCompared, TierBlast, TierLock } from '../../core/schema/blast';
import type { RehearsedTier } from '../../core/schema/outcome';
import { sectionOf, table, text } from '../document';
import type { Section, Table } from '../document';
import { bytes, duration } from '../amounts';
import { joined, quoted, say, verbatim } from '../words';
import type { Words } from '../words';

interface Measured {
  readonly id: string;
  readonly blast?: TierBlast | undefined;
  readonly compared?: BlastComparison | undefined;
}

/** What the tiers cost those who use the database beside them; nothing where that was not measured. */
export function blastSection(tiers: readonly Measured[], where: string): readonly Section[] {
  const rows = tiers.flatMap(({ id, blast }) => (blast === undefined ? [] : [blastRow(id, blast)]));
  const spills = tiers.some(({ blast }) => typeof blast?.temporaryBytes === 'number');
  if (rows.length === 0) return [];
  const heads = [
    'tier',
    'kept from others',
    'strongest lock',
    'rewrote',
    'built indexes',
    'scanned to validate',
    'WAL',
    'tables grew by',
    'temporary files',
  ];
  return sectionOf('Blast radius', [
    text(
      `What each tier cost those who use the database beside it, ${where}. Tables that a tier made itself do not count: nobody else knew them yet.${spills ? '' : ' Temporary files were not measured.'}`,
    ),
    { ...table(heads, rows, 'Blast radius of each tier'), isOfCards: true },
    compared(tiers),
  ]);
}

/** A rehearsal is compared with nothing. */
export function blastsOf(tiers: readonly RehearsedTier[]): readonly Measured[] {
  return tiers.map(({ id, blast }) => ({ id, blast }));
}

function blastRow(id: string, blast: TierBlast): readonly Words[] {
  const { longestLock, strongestLock, rewrites, indexBuilds, scans, more, walBytes } = blast;
  return [
    verbatim(id),
    longestLock === null ? 'nothing' : lockText(longestLock),
    strongestLock === null || !isInTheWay(strongestLock.blocks) || isSame(strongestLock, longestLock)
      ? ''
      : lockText(strongestLock),
    joined([...rewrites.map(quoted), ...(more === 0 ? [] : [`and ${more} more of all kinds`])], ', '),
    joined(
      indexBuilds.map(({ index, table: on }) => say`${quoted(index)} on ${quoted(on)}`),
      ', ',
    ),
    joined(
      scans.map(({ relation, rows }) => say`${quoted(relation)}${rows === null ? '' : ` (${rows} rows)`}`),
      ', ',
    ),
    bytes(walBytes),
    amount(blast.sizeChange),
    blast.temporaryBytes === null ? '' : amount(blast.temporaryBytes),
  ];
}

function lockText({ relation, mode, ms, blocks }: TierLock): Words {
  return say`${quoted(relation)} for ${duration(ms)}: ${mode.replace(/Lock$/, '')} blocks ${blocks}`;
}

function isSame(one: TierLock, other: TierLock | null): boolean {
  return one.relation === other?.relation && one.mode === other.mode;
}

function amount(value: number | null): string {
  if (value === null) return 'not measured';
  return value === 0 ? '' : bytes(value);
}

/** Production beside the clone: what took much longer there was another database, or another day. */
function compared(tiers: readonly Measured[]): Table {
  const rows = tiers.flatMap(({ id, compared: found }) => {
    if (found === undefined) return [];
    const { ms, lockMs, walBytes } = found;
    return [[verbatim(id), ...figure(ms, duration), ...figure(lockMs, duration), ...figure(walBytes, bytes)]];
  });
  const heads = ['tier', 'took', 'times', 'kept from others', 'times', 'WAL', 'times'];
  return table(heads, rows, 'In production, and how many times as much as in rehearsal');
}

function figure(found: FigureCompared | undefined, words: (value: number) => string): readonly string[] {
  if (found === undefined) return ['', ''];
  return [words(found.released), found.ratio === null ? '' : `× ${found.ratio.toFixed(2)}`];
}
