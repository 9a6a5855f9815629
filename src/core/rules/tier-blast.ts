import type { StatementMeasure } from '../schema/attempt';
import type { LockHeld, SizeChange, TierBlast, TierLock } from '../schema/blast';
import { blockedBy, isInTheWay, strengthOf } from './lock-conflicts';

/** Entries of each list that a summary keeps; the measures have all. */
const MOST = 20;

/** What the statements of a tier did together to those who use the database beside it. */
export function blastOf(measures: readonly StatementMeasure[]): TierBlast {
  const locks = measures
    .flatMap((measure) => measure.locks)
    .filter(isKnownToOthers)
    .map(asTierLock);
  const strongest = locks.reduce<TierLock | null>(stronger, null);
  const longest = locks.filter(({ blocks }) => isInTheWay(blocks)).reduce<TierLock | null>(longer, null);
  const lists = {
    rewrites: unique(measures.flatMap((measure) => measure.rewrites)),
    indexBuilds: measures.flatMap((measure) => measure.indexBuilds ?? []),
    scans: measures.flatMap((measure) => measure.scans ?? []),
  };
  return {
    lockMs: longest?.ms ?? 0,
    longestLock: longest,
    strongestLock: strongest,
    blocks: strongest?.blocks ?? 'nothing that applications do',
    rewrites: lists.rewrites.slice(0, MOST),
    indexBuilds: lists.indexBuilds.slice(0, MOST),
    scans: lists.scans.slice(0, MOST),
    more: Object.values(lists).reduce((sum, { length }) => sum + Math.max(length - MOST, 0), 0),
    walBytes: measures.reduce((sum, measure) => sum + measure.walBytes, 0),
    sizeChange: sizeChangeOf(measures.flatMap((measure) => measure.sizes ?? [])),
    temporaryBytes: temporaryBytesOf(measures),
  };
}

function isKnownToOthers({ isNew }: LockHeld): boolean {
  return isNew !== true;
}

function asTierLock({ relation, mode, heldMs, blocks }: LockHeld): TierLock {
  return { relation, mode, ms: heldMs ?? 0, blocks: blocks ?? blockedBy(mode) };
}

/** Of two locks as strong as each other the one that was held longer. */
function stronger(known: TierLock | null, lock: TierLock): TierLock {
  if (known === null) return lock;
  const more = strengthOf(lock.mode) - strengthOf(known.mode);
  return more > 0 || (more === 0 && lock.ms > known.ms) ? lock : known;
}

function longer(known: TierLock | null, lock: TierLock): TierLock {
  if (known === null || lock.ms > known.ms) return lock;
  return lock.ms === known.ms ? stronger(known, lock) : known;
}

/** Null where one of the tables was not measured before. */
function sizeChangeOf(sizes: readonly SizeChange[]): number | null {
  if (sizes.some(({ before }) => before === null)) return null;
  return sizes.reduce((sum, { before, after }) => sum + after - (before ?? 0), 0);
}

function temporaryBytesOf(measures: readonly StatementMeasure[]): number | null {
  const known = measures.flatMap(({ temporaryBytes }) =>
    typeof temporaryBytes === 'number' ? [temporaryBytes] : [],
  );
  return known.length < measures.length || known.length === 0
    ? null
    : known.reduce((sum, bytes) => sum + bytes, 0);
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
