import { ReleaseError } from '../../core/rules/release-error';
import type { BatchRule } from '../../core/schema/descriptor';
import type { Session } from '../session';

/** The column by which a table is walked through, as SQL: its names are quoted, its type is its own. */
export interface KeyColumn {
  readonly table: string;
  readonly key: string;
  readonly type: string;
  /** Why no table can be walked through by it; undefined: it can. */
  readonly unfit: string | undefined;
}

/** Types whose text, written as JSON does, is the same value again whatever the session's settings are. */
const TYPES = [
  'int2',
  'int4',
  'int8',
  'numeric',
  'text',
  'varchar',
  'bpchar',
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
];

const COLUMN = `
select pg_catalog.format('%I.%I', n.nspname, c.relname) as "table", pg_catalog.format('%I', a.attname) as key,
       a.attnotnull as is_not_null, b.typname::text as name,
       pg_catalog.format_type(b.oid, case when t.typbasetype = 0 then a.atttypmod else t.typtypmod end) as type,
       exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null
                  and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $2 and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  join pg_catalog.pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
 where c.oid = pg_catalog.to_regclass($1) and c.relkind in ('r', 'p')`;

/** Finds the key of a tier with `batch`. @throws STATEMENT_FAILED where it is not there */
export async function findKeyColumn(session: Session, { table, key }: BatchRule): Promise<KeyColumn> {
  const row = (await session.query(COLUMN, [table, key])).rows[0];
  if (row === undefined) throw unfit(`there is no table ${table} with a column ${key}`);
  return {
    table: String(row['table']),
    key: String(row['key']),
    type: String(row['type']),
    unfit: whyUnfit(row),
  };
}

/** Null keys would be left out, keys without an index of their own would cost a scan each, other types may read back otherwise. */
function whyUnfit(row: Readonly<Record<string, unknown>>): string | undefined {
  if (row['is_not_null'] !== true) return 'may be null: such rows would be left out';
  if (row['is_unique'] !== true)
    return 'has no unique index of its own: each batch would read the whole table';
  if (!TYPES.includes(String(row['name'])))
    return `is of type ${String(row['type'])}; a key is one of ${TYPES.join(', ')}`;
  return undefined;
}

/** @throws STATEMENT_FAILED where a table cannot be walked through by it */
export function verifyFit(key: KeyColumn): void {
  if (key.unfit !== undefined) throw unfit(`${key.table}.${key.key} ${key.unfit}`);
}

/** Counted, where it is not known, only this far: a progress bar is not worth a scan. */
const COUNTED = 100_000;

/** About how many rows the walk will meet; 0: not known. */
export async function estimateKeys(session: Session, { table }: KeyColumn): Promise<number> {
  const known = await session.query(
    'select reltuples::int8 as rows from pg_catalog.pg_class where oid = pg_catalog.to_regclass($1)',
    [table],
  );
  const rows = Number(known.rows[0]?.['rows']);
  if (rows > 0) return rows;
  const counted = await session.query(
    `select count(*) as rows from (select from ${table} limit ${COUNTED + 1}) as first_rows`,
  );
  const found = Number(counted.rows[0]?.['rows']);
  return found > COUNTED ? 0 : found;
}

function unfit(message: string): ReleaseError {
  return new ReleaseError('STATEMENT_FAILED', message, {
    hint: 'Give `batch.table` and `batch.key` in release.yaml: a column that is not null, with a unique index of its own.',
  });
}
