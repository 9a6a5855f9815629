import { ReleaseError } from '../core/rules/release-error';
import { countRows, readChanges } from './effects';
import type { Effects } from './effects';
import type { Observer } from './observation';
import type { Session } from './session';

/** Commands that put a table's rows into a new file and lose none; after any other they may be gone uncounted. */
const KEEPS_ROWS = ['ALTER', 'CLUSTER', 'REFRESH'];

/** Tables that our own transaction has dropped: it still holds the lock of what is no longer there. */
const DROPPED_HERE = `
select distinct l.relation::text as oid from pg_catalog.pg_locks l
 where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
   and not exists (select from pg_catalog.pg_class c where c.oid = l.relation)`;

/**
 * Before a rollback: do the tables that the tier created hold more rows than it left there? They are locked first
 * (ACCESS EXCLUSIVE, which the rollback's own `drop` needs anyway), so that nobody writes between the count and the drop.
 * @throws OTHERS_ROWS naming the tables.
 */
export async function verifyNoRowsOfOthers(session: Session, effects: Effects): Promise<void> {
  const others: string[] = [];
  for (const [table, rows] of Object.entries(effects.created)) {
    if (!(await isTable(session, table))) continue;
    await session.query(`lock table ${table} in access exclusive mode`);
    const now = await countRows(session, table);
    if (now > rows) others.push(`${table}: ${now - rows} rows`);
  }
  refuse(others);
}

/**
 * After each statement of a rollback: could it have removed rows uncounted, as TRUNCATE does, also from within a DO block or
 * a function? Then a table that the tier had not created is in a new file, or empty in the file that an ALTER gave it.
 * @throws OTHERS_ROWS
 */
export function verifyCountable(observer: Observer, effects: Effects, command: string): void {
  if (KEEPS_ROWS.includes(command)) return;
  const replaced = [...new Set(observer.rewrittenTables)].filter((table) => !(table in effects.created));
  if (replaced.length === 0) return;
  const what = `a ${command} statement truncated or rewrote ${replaced.join(', ')}`;
  throw new ReleaseError('OTHERS_ROWS', `the rollback may remove rows that others wrote: ${what}`, {
    hint: 'Write `delete from` in the rollback section, which One-Roof counts, and ALTER TABLE as a statement of its own.',
  });
}

/**
 * After a rollback's statements: did they delete more rows than the tier had inserted, or drop a table that it had not created?
 * @throws OTHERS_ROWS
 */
export async function verifyOnlyOursRemoved(
  session: Session,
  effects: Effects,
  observer: Observer,
): Promise<void> {
  const others: string[] = [];
  for (const { oid, table, inserted, deleted } of await readChanges(session)) {
    const name = observer.nameOfKnownTable(oid) ?? table;
    const ours = Math.max(effects.inserted[name] ?? effects.created[name] ?? 0, 0);
    const lost = deleted - inserted;
    if (lost > ours) others.push(`${name}: ${lost - ours} rows`);
  }
  for (const row of (await session.query(DROPPED_HERE)).rows) {
    const table = observer.nameOfKnownTable(String(row['oid']));
    if (table !== undefined && !(table in effects.created))
      others.push(`${table}: all rows, for the rollback drops what the tier is not known to have created`);
  }
  refuse(others);
}

function refuse(others: readonly string[]): void {
  if (others.length === 0) return;
  throw new ReleaseError(
    'OTHERS_ROWS',
    `the rollback would remove rows that others wrote: ${others.join(', ')}`,
    { details: { tables: others } },
  );
}

/** A materialized view holds nobody's own rows, and takes no LOCK TABLE. */
async function isTable(session: Session, table: string): Promise<boolean> {
  const found = await session.query(
    `select c.relkind = 'r' as yes from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass($1)`,
    [table],
  );
  return found.rows[0]?.['yes'] === true;
}
