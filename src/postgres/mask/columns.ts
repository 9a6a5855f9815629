import type { TableColumn } from '../../core/rules/resolve-masking';
import type { Session } from '../session';

/** The columns of all tables of users, with what their tables are partitions or children of. */
export async function readColumns(session: Session): Promise<readonly TableColumn[]> {
  const found = await session.query(
    `with recursive parent as (
       select inhrelid as child, inhparent as parent from pg_catalog.pg_inherits
       union select p.child, i.inhparent from parent p join pg_catalog.pg_inherits i on i.inhrelid = p.parent)
     select n.nspname as schema, c.relname as "table", a.attname as "column",
            coalesce((select pg_catalog.jsonb_agg(pn.nspname || '.' || pc.relname)
               from parent p join pg_catalog.pg_class pc on pc.oid = p.parent
               join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace where p.child = c.oid), '[]') as parents
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_.*|information_schema|one_roof)$'
      order by 1, 2, 3`,
  );
  return found.rows.map((row) => ({
    schema: String(row['schema']),
    table: String(row['table']),
    column: String(row['column']),
    parents: Array.isArray(row['parents']) ? row['parents'].map(String) : [],
  }));
}
