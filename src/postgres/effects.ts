import { z } from 'zod';
import type { Session } from './session';

/** What an attempt left in tables, kept in its ledger row, so that a rollback can tell our rows from those of others. */
export const Effects = z.object({
  inserted: z
    .record(z.string(), z.number())
    .describe('rows inserted less rows deleted, by schema.table that existed before'),
  created: z
    .record(z.string(), z.number())
    .describe('rows at the end of the tier, by schema.table (or materialized view) that it created'),
});
export type Effects = z.infer<typeof Effects>;

/** Rows inserted and deleted by this transaction. TRUNCATE and DROP are not in it. */
export interface RowChange {
  readonly oid: string;
  readonly table: string;
  readonly inserted: number;
  readonly deleted: number;
}

const CHANGES = `
select pg_catalog.format('%I.%I', s.schemaname, s.relname) as "table", s.relid::text as oid,
       s.n_tup_ins::int8 as inserted, s.n_tup_del::int8 as deleted
  from pg_catalog.pg_stat_xact_user_tables s
 where s.schemaname <> 'one_roof'`;

/** What a transaction creates it holds ACCESS EXCLUSIVE until its end; what others created meanwhile it does not. */
const TABLES_LOCKED_HERE = `
select c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname) as "table"
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and c.oid >= 16384 and n.nspname !~ '^pg_' and n.nspname <> 'one_roof'
   and exists (select from pg_catalog.pg_locks l
                where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.relation = c.oid
                  and l.mode = 'AccessExclusiveLock')`;

/** Measures an apply, before its commit. `knew` tells the tables that existed before it. */
export async function measureEffects(session: Session, knew: (oid: string) => boolean): Promise<Effects> {
  const inserted: Record<string, number> = {};
  for (const change of await readChanges(session)) {
    const net = change.inserted - change.deleted;
    if (knew(change.oid) && net !== 0) inserted[change.table] = net;
  }
  const created: Record<string, number> = {};
  for (const row of (await session.query(TABLES_LOCKED_HERE)).rows) {
    const table = String(row['table']);
    if (!knew(String(row['oid']))) created[table] = await countRows(session, table);
  }
  return { inserted, created };
}

/** What this transaction inserted and deleted so far, by table. */
export async function readChanges(session: Session): Promise<readonly RowChange[]> {
  return (await session.query(CHANGES)).rows.map((row) => ({
    oid: String(row['oid']),
    table: String(row['table']),
    inserted: Number(row['inserted']),
    deleted: Number(row['deleted']),
  }));
}

/** `table` is PostgreSQL's own quoted form, from format('%I.%I'). */
export async function countRows(session: Session, table: string): Promise<number> {
  return Number((await session.query(`select count(*) as rows from ${table}`)).rows[0]?.['rows']);
}
