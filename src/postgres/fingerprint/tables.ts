import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { isNoMember, isUserSchema } from './catalog/describe';

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
  readonly query: string;
  /** Names and types of the hashed columns: digests under different ones cannot be compared. */
  readonly shape: string;
}

interface Listed {
  readonly name: string;
  readonly ancestors: readonly string[];
  readonly populated: boolean;
  readonly columns: readonly ListedColumn[];
}

interface ListedColumn {
  readonly name: string;
  readonly type: string;
  /** How the value enters the hash as it is; null where it enters by its text. */
  readonly exact: string | null;
  readonly quoted: string;
}

/** Ordinary tables, partitions and materialized views, largest first. */
export async function listTables(
  client: ClientBase,
  volatile: readonly VolatileColumns[],
): Promise<HashedTable[]> {
  const { rows } = await client.query<Listed>(TABLES);
  return rows.map((table) => {
    const left = volatile.filter((each) => isNamed(table, [each.table])).flatMap((each) => each.columns);
    const columns = table.columns.filter((column) => !left.includes(column.name));
    const shape = columns.map((column) => [column.name, column.type]);
    return {
      name: table.name,
      ancestors: table.ancestors,
      query: table.populated ? hashingQuery(table.name, columns) : UNPOPULATED,
      shape: createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 16),
    };
  });
}

/** True where the list names the table or a partitioned table that it belongs to. */
export function isNamed(table: Pick<HashedTable, 'name' | 'ancestors'>, names: readonly string[]): boolean {
  return names.includes(table.name) || table.ancestors.some((ancestor) => names.includes(ancestor));
}

/** A materialized view that was never refreshed cannot be read. */
const UNPOPULATED = `select '0' as rows, '0' as sum`;

/**
 * Each row is hashed to 64 bits and the hashes are added up, so that order does not matter and duplicates count.
 * `hash_record_extended` alone will not do: it is linear (two rows that swap a value keep their sum), so its result is
 * hashed again; it folds 8-byte integers to 32 bits and takes 1.0 for 1.00, so those enter in binary form, and all that
 * has no exact hash of its own enters as the text of a row, which tells null from the empty string.
 */
function hashingQuery(name: string, columns: readonly ListedColumn[]): string {
  const exact = columns.flatMap((column) => (column.exact === null ? [] : [column.exact]));
  const texts = columns.filter((column) => column.exact === null).map((column) => column.quoted);
  const parts = texts.length === 0 ? exact : [...exact, `row(${texts.join(', ')})::text`];
  const sum =
    parts.length === 0
      ? `'0'`
      : `coalesce(sum(hashtextextended(hash_record_extended(row(${parts.join(', ')}), 0)::text, 0)), 0)::text`;
  return `select count(*)::text as rows, ${sum} as sum from only ${name} t`;
}

/** Types whose own hash is exact, then those whose binary form is: both are many times faster than text. */
const EXACT = `
  case b.typnamespace when 'pg_catalog'::regnamespace then
    case when b.typname in ('bool', 'int2', 'int4', 'date', 'oid', 'uuid', 'text', 'varchar', 'bytea', 'name')
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
    coalesce(a.columns, '[]') as columns
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
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
  ) a on true
  where c.relkind in ('r', 'm') and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}
  order by c.relpages desc, name`;
