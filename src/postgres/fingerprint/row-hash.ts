/** A column as the hash takes it. */
export interface HashedColumn {
  /** How the value enters the hash as it is; null where it enters by its text. */
  readonly exact: string | null;
  readonly quoted: string;
}

/** What is read of a table: how its rows are hashed, which columns name a row, and from where. */
export interface HashedRows {
  readonly from: string;
  readonly columns: readonly HashedColumn[];
  readonly key: readonly HashedColumn[];
}

/** The answer of each of the queries below: how many rows, the sum of their hashes, and the lines of their detail. */
export interface HashSum {
  readonly rows: string;
  readonly sum: string;
  readonly lines: string | null;
}

/** A materialized view that was never refreshed cannot be read. */
export const UNPOPULATED = `select '0' as rows, '0' as sum, null as lines`;

/** Every row by itself, for a small table; of more than `limit` only so many. */
export function listingQuery(rows: HashedRows, buckets: number, limit: number): string {
  return `
    select count(*)::text as rows, coalesce(sum(h), 0)::text as sum,
      string_agg(b || ' ' || h || ' ' || k, E'\\n' order by b, h, k collate "C") as lines
    from (
      select ${bucketOf(rows, buckets)} as b, h, k
      from (select ${keyHash(rows)} as kh, ${rowHash(rows.columns)} as h, ${keyText(rows.key)} as k from ${rows.from} limit ${limit}) hashed
    ) r`;
}

/** The sum alone. */
export function plainQuery({ from, columns }: HashedRows): string {
  return `select count(*)::text as rows, coalesce(sum(${rowHash(columns)}), 0)::text as sum, null as lines from ${from}`;
}

/**
 * A sum a bucket, in one scan. `clock_timestamp()` keeps the inner query from being pulled up: so the planner guesses few
 * groups (200, not one a row) and aggregates in parallel, at a third of the time.
 */
export function summingQuery(rows: HashedRows, buckets: number): string {
  return `
    select coalesce(sum(n), 0)::text as rows, coalesce(sum(s), 0)::text as sum,
      string_agg(b || ' ' || s || ' ' || n, E'\\n' order by b) as lines
    from (
      select ${bucketOf(rows, buckets)} as b, count(*) as n, sum(h) as s
      from (select ${keyHash(rows)} as kh, ${rowHash(rows.columns)} as h, clock_timestamp() from ${rows.from}) hashed
      group by 1
    ) g`;
}

/** The rows of some buckets, with their keys: what names the rows that differ, where both databases are there. */
export function bucketRowsQuery(rows: HashedRows, buckets: number): string {
  return `
    select b, h::text as hash, k as key
    from (
      select ${bucketOf(rows, buckets)} as b, h, k
      from (select ${keyHash(rows)} as kh, ${rowHash(rows.columns)} as h, ${keyText(rows.key)} as k from ${rows.from}) hashed
    ) r
    where b = any ($1::bigint[])`;
}

function bucketOf({ key }: HashedRows, buckets: number): string {
  return `(${key.length === 0 ? 'h' : 'kh'} & ${buckets - 1})`;
}

/**
 * Each row is hashed to 64 bits and the hashes are added up, so that order does not matter and duplicates count.
 * `hash_record_extended` alone will not do: it is linear (two rows that swap a value keep their sum), so its result is
 * hashed again; it folds 8-byte integers to 32 bits and takes 1.0 for 1.00, so those enter in binary form, and all that
 * has no exact hash of its own enters as the text of a row, which tells null from the empty string.
 */
function rowHash(columns: readonly HashedColumn[]): string {
  const parts = partsOf(columns);
  return parts.length === 0 ? '0::bigint' : `hashtextextended(${recordHash(parts)}::text, 0)`;
}

function keyHash({ key }: HashedRows): string {
  return key.length === 0 ? 'null::bigint' : recordHash(partsOf(key));
}

function recordHash(parts: readonly string[]): string {
  return `hash_record_extended(row(${parts.join(', ')}), 0)`;
}

function partsOf(columns: readonly HashedColumn[]): readonly string[] {
  const exact = columns.flatMap((column) => (column.exact === null ? [] : [column.exact]));
  const texts = columns.filter((column) => column.exact === null).map((column) => column.quoted);
  return texts.length === 0 ? exact : [...exact, `row(${texts.join(', ')})::text`];
}

/** As JSON, so that no key breaks its line. */
function keyText(key: readonly HashedColumn[]): string {
  const [first, ...rest] = key;
  if (first === undefined) return `'null'`;
  const whole = rest.length === 0 ? first.quoted : `row(${key.map((column) => column.quoted).join(', ')})`;
  return `to_json(${whole}::text)::text`;
}
