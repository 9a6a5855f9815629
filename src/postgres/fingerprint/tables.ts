import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { grants, isNoMember, isUserSchema } from './catalog/describe';
import type { HashedColumn, HashedRows } from './row-hash';

/** Columns whose values are allowed to differ, such as the time of a seed. */
export interface VolatileColumns {
  /** `schema.table`, quoted as PostgreSQL quotes them; of a partitioned table it holds for its partitions. */
  readonly table: string;
  readonly columns: readonly string[];
}

/** A table with rows of its own, and how they are hashed. */
export interface HashedTable {
  readonly name: string;
  /** The partitioned tables that it is part of; naming one of them names it. */
  readonly ancestors: readonly string[];
  /** null: a materialized view that was never refreshed, which cannot be read. */
  readonly rows: HashedRows | null;
  /** Names and types of the hashed columns: digests under different ones cannot be compared. */
  readonly shape: string;
  /** All columns by their names, also those that are not hashed. */
  readonly columns: readonly string[];
  /** The primary key's columns, as people read them; null: there is none. */
  readonly key: string | null;
  /** As PostgreSQL last knew it, for the true size would need a lock; 0: it does not know. */
  readonly bytes: number;
}

interface Listed {
  readonly name: string;
  readonly ancestors: readonly string[];
  readonly populated: boolean;
  readonly bytes: string;
  readonly columns: readonly ListedColumn[];
  readonly key: readonly string[];
}

interface ListedColumn extends HashedColumn {
  readonly name: string;
  readonly type: string;
}

/** Ordinary tables, partitions and materialized views, largest first; and the large objects, where there are any. */
export async function listTables(
  client: ClientBase,
  volatile: readonly VolatileColumns[],
): Promise<HashedTable[]> {
  const { rows } = await client.query<Listed>(TABLES);
  const tables = rows.map((table) => {
    const left = volatile.filter((each) => isNamed(table, [each.table])).flatMap((each) => each.columns);
    return describe(
      table,
      table.columns.filter((column) => !left.includes(column.name)),
    );
  });
  const objects = await client.query<{ count: string }>(COUNT_LARGE_OBJECTS);
  return objects.rows[0]?.count === '0' ? tables : [...tables, LARGE_OBJECTS];
}

function describe(table: Listed, columns: readonly ListedColumn[]): HashedTable {
  const { name, ancestors, populated, key } = table;
  const keyColumns = key.flatMap((each) => table.columns.filter((column) => column.name === each));
  return {
    name,
    ancestors,
    rows: populated ? { from: `only ${name} t`, columns, key: keyColumns } : null,
    shape: shapeOf(columns),
    columns: table.columns.map((column) => column.name),
    key: key.length === 0 ? null : key.length === 1 ? key.join() : `(${key.join(', ')})`,
    bytes: Number(table.bytes),
  };
}

function shapeOf(columns: readonly Pick<ListedColumn, 'name' | 'type'>[]): string {
  const shape = columns.map((column) => [column.name, column.type]);
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 16);
}

/** True where the list names the table or a partitioned table that it belongs to. */
export function isNamed(table: Pick<HashedTable, 'name' | 'ancestors'>, names: readonly string[]): boolean {
  return names.includes(table.name) || table.ancestors.some((ancestor) => names.includes(ancestor));
}

/**
 * Types whose own hash is exact, then those whose binary form is: both are many times faster than text. Under a collation
 * that takes different texts for one, their hash would too.
 */
const EXACT = `
  case b.typnamespace when 'pg_catalog'::regnamespace then
    case when b.typname in ('text', 'varchar') and not l.collisdeterministic then '%s collate "C"'
    when b.typname in ('bool', 'int2', 'int4', 'date', 'oid', 'uuid', 'text', 'varchar', 'bytea', 'name')
      then '%s'
    when b.typname in ('int8', 'float4', 'float8', 'timestamp', 'timestamptz', 'time', 'timetz', 'interval')
      then b.typsend || '(%s)'
    when b.typname = 'numeric' then 'numeric_send(%s)' end
  end`;

const TABLES = `
  select
    format('%I.%I', n.nspname, c.relname) as name,
    c.relispopulated as populated,
    case when c.relispartition then array(
      select p::text from pg_partition_ancestors(c.oid) p where p <> c.oid) else '{}' end as ancestors,
    c.relpages::bigint * 8192 as bytes,
    coalesce(a.columns, '[]') as columns,
    array(
      select a.attname::text
      from pg_index i
      cross join lateral unnest(i.indkey) with ordinality k (attnum, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary and k.place <= i.indnkeyatts
      order by k.place) as key
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join lateral (
    select json_agg(
      json_build_object(
        'name', a.attname,
        'type', format_type(b.oid, null),
        'exact', format(${EXACT}, format('t.%I', a.attname)),
        'quoted', format('t.%I', a.attname))
      order by a.attname collate "C") as columns
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
    left join pg_collation l on l.oid = a.attcollation
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
  ) a on true
  where c.relkind in ('r', 'm') and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}
  order by c.relpages desc, name`;

const COUNT_LARGE_OBJECTS = `select count(*)::text as count from (select from pg_largeobject_metadata limit 1) any_of_them`;

/** Large objects stand beside the tables: their owner, their grants and their bytes are one row each. */
const LARGE_OBJECTS: HashedTable = {
  name: 'large objects',
  ancestors: [],
  rows: {
    from: `(
      select m.oid, m.lomowner::regrole::text as owner, lo_get(m.oid) as bytes,
        ${grants({ acl: 'm.lomacl', letter: 'L', owner: 'm.lomowner' })} as granted
      from pg_largeobject_metadata m) t`,
    columns: [
      { exact: 't.bytes', quoted: 't.bytes' },
      { exact: 't.granted', quoted: 't.granted' },
      { exact: 't.oid', quoted: 't.oid' },
      { exact: 't.owner', quoted: 't.owner' },
    ],
    key: [{ exact: 't.oid', quoted: 't.oid' }],
  },
  shape: 'large objects',
  columns: [],
  key: 'oid',
  bytes: Number.MAX_SAFE_INTEGER,
};
