import type { Blocked } from '../schema/blast';

/**
 * Which lock modes another session cannot take beside one; from the weakest to the strongest.
 * Source: PostgreSQL documentation, 13.3.1 Table-Level Locks, table “Conflicting Lock Modes”.
 */
const CONFLICTS = {
  AccessShareLock: ['AccessExclusiveLock'],
  RowShareLock: ['ExclusiveLock', 'AccessExclusiveLock'],
  RowExclusiveLock: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ShareUpdateExclusiveLock: [
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareRowExclusiveLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ExclusiveLock: [
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  AccessExclusiveLock: [
    'AccessShareLock',
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
} as const;

export type LockMode = keyof typeof CONFLICTS;

/** The modes that nobody else can take while one is held; none for a word that names no mode of a table's lock. */
export function conflictsOf(mode: string): readonly LockMode[] {
  return isLockMode(mode) ? CONFLICTS[mode] : [];
}

/** A reader takes ACCESS SHARE, a writer ROW EXCLUSIVE; what keeps neither of them away holds up changes of the schema alone. */
export function blockedBy(mode: string): Blocked {
  const conflicts = conflictsOf(mode);
  if (conflicts.includes('AccessShareLock')) return 'reads and writes';
  if (conflicts.includes('RowExclusiveLock')) return 'writes';
  return conflicts.length > 0 ? 'schema changes' : 'nothing that applications do';
}

/** Does a lock keep applications waiting that read or write? */
export function isInTheWay(blocked: Blocked): boolean {
  return blocked === 'reads and writes' || blocked === 'writes';
}

/** Greater for the stronger mode; -1 for a word that names none. */
export function strengthOf(mode: string): number {
  return Object.keys(CONFLICTS).indexOf(mode);
}

function isLockMode(mode: string): mode is LockMode {
  return Object.hasOwn(CONFLICTS, mode);
}
