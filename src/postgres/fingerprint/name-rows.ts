import type { ClientBase } from 'pg';
import { differingKeys } from '../../core/rules/explain-rows';
import type { DifferingKeys, ExplainedRows } from '../../core/rules/explain-rows';
import { bucketRowsQuery } from './row-hash';
import { listTables } from './tables';
import type { HashedTable } from './tables';
import { withPinnedSession } from './pinned-session';

/** The two databases, each still on the snapshot that its fingerprint is of. */
export interface BothLive {
  readonly before: ClientBase;
  readonly after: ClientBase;
}

const BUCKETS_AT_ONCE = 8;
/** So many keys, or so many rows listed, are enough: a table that is quite another one need not be listed whole. */
const KEYS_WANTED = 100;
const ROWS_LISTED = 200_000;

/** Names the rows of tables that only their buckets tell of, by listing those buckets on both sides. */
export async function nameRows(
  both: BothLive,
  explained: readonly ExplainedRows[],
): Promise<readonly ExplainedRows[]> {
  if (explained.every(({ buckets }) => buckets.differ.length === 0)) return explained;
  return withPinnedSession(both.before, () =>
    withPinnedSession(both.after, async () => {
      const tables = await listTables(both.after, []);
      const named: ExplainedRows[] = [];
      for (const each of explained) {
        const table = tables.find(({ name }) => name === each.rows.table);
        named.push(table === undefined ? each : await nameRowsOf(both, table, each));
      }
      return named;
    }),
  );
}

async function nameRowsOf(
  both: BothLive,
  table: HashedTable,
  explained: ExplainedRows,
): Promise<ExplainedRows> {
  const { buckets, key } = explained;
  if (key === null || table.rows === null || buckets.differ.length === 0) return explained;
  const query = bucketRowsQuery(table.rows, buckets.of);
  let keys: DifferingKeys = { missing: [], added: [], changed: [] };
  let listed = 0;
  let done = 0;
  while (done < buckets.differ.length && countOf(keys) < KEYS_WANTED && listed < ROWS_LISTED) {
    const some = buckets.differ.slice(done, done + BUCKETS_AT_ONCE);
    const [before, after] = await rowsOf(both, query, some);
    keys = joined(keys, differingKeys(before, after));
    listed += before.length + after.length;
    done += some.length;
  }
  if (done < buckets.differ.length) return { ...explained, keys };
  const { missing, added, changed } = keys;
  const counts = { missing: missing.length, added: added.length, changed: changed.length, exact: true };
  return { ...explained, keys, rows: { ...explained.rows, ...counts } };
}

type Hashed = readonly { readonly hash: string; readonly rest: string }[];

async function rowsOf(
  { before, after }: BothLive,
  query: string,
  buckets: readonly number[],
): Promise<readonly [Hashed, Hashed]> {
  const read = async (client: ClientBase): Promise<Hashed> => {
    const { rows } = await client.query<{ hash: string; key: string }>(query, [buckets]);
    return rows.map(({ hash, key }) => ({ hash, rest: key }));
  };
  return [await read(before), await read(after)];
}

function joined(one: DifferingKeys, other: DifferingKeys): DifferingKeys {
  return {
    missing: [...one.missing, ...other.missing],
    added: [...one.added, ...other.added],
    changed: [...one.changed, ...other.changed],
  };
}

function countOf({ missing, added, changed }: DifferingKeys): number {
  return missing.length + added.length + changed.length;
}
