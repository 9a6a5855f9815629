import { z } from 'zod';
import type { Session } from './session';
import { ReleaseError } from '../core/rules/release-error';

/** What an attempt left in tables, kept in its ledger row, so that a rollback can tell our rows from those of others. */
export const Effects = z.object({
  inserted: z
    .record(z.string(), z.number())
    .describe('rows inserted less rows deleted, by schema.table that existed before'),
  created: z
    .record(z.string(), z.number())
    .describe('rows at the end of the tier, by schema.table that it created'),
});
export type Effects = z.infer<typeof Effects>;

const CHANGES = `
select pg_catalog.format('%I.%I', s.schemaname, s.relname) as "table", s.relid::text as oid,
       s.n_tup_ins::int8 as inserted, s.n_tup_del::int8 as deleted
  from pg_catalog.pg_stat_xact_user_tables s
 where s.schemaname <> 'one_roof'`;

const TABLES_OF_THIS_TRANSACTION = `
select c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname) as "table"
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.oid >= 16384 and n.nspname !~ '^pg_' and n.nspname <> 'one_roof'`;

/** Measures an apply, before its commit. `knew` tells the tables that existed before it. */
export async function measureEffects(session: Session, knew: (oid: string) => boolean): Promise<Effects> {
  const inserted: Record<string, number> = {};
  for (const change of (await session.query(CHANGES)).rows) {
    const net = Number(change['inserted']) - Number(change['deleted']);
    if (knew(String(change['oid'])) && net !== 0) inserted[String(change['table'])] = net;
  }
  const created: Record<string, number> = {};
  for (const row of (await session.query(TABLES_OF_THIS_TRANSACTION)).rows) {
    const table = String(row['table']);
    if (!knew(String(row['oid']))) created[table] = await countRows(session, table);
  }
  return { inserted, created };
}

/**
 * Before a rollback: do the tables that the tier created hold more rows than it left there? They are locked first
 * (ACCESS EXCLUSIVE, which the rollback's own `drop` needs anyway), so that nobody writes between the count and the drop.
 * @throws OTHERS_ROWS naming the tables.
 */
export async function verifyNoRowsOfOthers(session: Session, effects: Effects): Promise<void> {
  const others: string[] = [];
  for (const [table, rows] of Object.entries(effects.created)) {
    if (!(await exists(session, table))) continue;
    await session.query(`lock table ${table} in access exclusive mode`);
    const now = await countRows(session, table);
    if (now > rows) others.push(`${table}: ${now - rows} rows`);
  }
  refuse(others);
}

/** After a rollback's statements: did they delete more rows than the tier had inserted? @throws OTHERS_ROWS */
export async function verifyOnlyOurRowsDeleted(session: Session, effects: Effects): Promise<void> {
  const others: string[] = [];
  for (const change of (await session.query(CHANGES)).rows) {
    const table = String(change['table']);
    const lost = Number(change['deleted']) - Number(change['inserted']);
    const ours = effects.inserted[table] ?? effects.created[table] ?? 0;
    if (lost > Math.max(ours, 0)) others.push(`${table}: ${lost - Math.max(ours, 0)} rows`);
  }
  refuse(others);
}

function refuse(others: readonly string[]): void {
  if (others.length === 0) return;
  throw new ReleaseError(
    'OTHERS_ROWS',
    `the rollback would remove rows that others wrote: ${others.join(', ')}`,
    {
      details: { tables: others },
    },
  );
}

async function exists(session: Session, table: string): Promise<boolean> {
  return (
    (await session.query('select pg_catalog.to_regclass($1) is not null as yes', [table])).rows[0]?.[
      'yes'
    ] === true
  );
}

/** `table` is PostgreSQL's own quoted form, from format('%I.%I'). */
async function countRows(session: Session, table: string): Promise<number> {
  return Number((await session.query(`select count(*) as rows from ${table}`)).rows[0]?.['rows']);
}
