import type { ClientBase } from 'pg';
import type { Fingerprint, TableContent } from '../../core/schema/fingerprint';
import { withinBudget } from './within-budget';
import type { ReadingBudget } from './within-budget';
import { UNPOPULATED, listingQuery, plainQuery, summingQuery } from './row-hash';
import type { HashSum, HashedRows } from './row-hash';
import { isNamed, listTables } from './tables';
import type { HashedTable, VolatileColumns } from './tables';

/** Which tables are hashed, and what of an earlier fingerprint still holds. */
export interface ContentOptions {
  /** All tables, none, or those named `schema.table` as PostgreSQL quotes them; a partitioned table names its partitions. */
  readonly contents: 'all' | 'none' | readonly string[];
  /** Tables that are not `touched` and have the same columns keep their digest. The caller vouches for the list. */
  readonly reuse?: { readonly previous: Fingerprint; readonly touched: readonly string[] };
  readonly volatile?: readonly VolatileColumns[];
  /** Of large tables the digest alone: a third cheaper, and a later comparison cannot say how many of their rows differ. */
  readonly large?: 'digest alone';
  /** Names of sensitive columns: of a table that has one the digest alone, no keys and no hashes of single rows. */
  readonly hides?: readonly string[];
  /** A limit to the whole of it: the smallest tables first, by the first client alone. */
  readonly budget?: ReadingBudget;
  readonly onProgress?: (done: number, total: number) => void;
}

type Contents = Record<string, TableContent>;

/** Rows and digest of each chosen table, read once; the clients, all on one snapshot, share the work, largest first. */
export async function readContents(
  clients: readonly [ClientBase, ...ClientBase[]],
  options: ContentOptions,
): Promise<Contents> {
  const { contents: choice } = options;
  if (choice === 'none') return {};
  const tables = await listTables(clients[0], options.volatile ?? []);
  const chosen = choice === 'all' ? tables : tables.filter((table) => isNamed(table, choice));
  const found: Contents = {};
  const queue: HashedTable[] = [];
  for (const table of chosen) {
    const kept = keptContent(table, options.reuse);
    if (kept === undefined) queue.push(table);
    else found[table.name] = kept;
  }
  if (options.budget !== undefined)
    return { ...found, ...(await readWithin(clients[0], queue, { ...options, budget: options.budget })) };
  const total = queue.length;
  const hash = hasher(options);
  const next = (): HashedTable | undefined => queue.shift();
  let done = 0;
  const work = async (client: ClientBase): Promise<void> => {
    for (let table = next(); table !== undefined; table = next()) {
      found[table.name] = await hash(client, table);
      done += 1;
      options.onProgress?.(done, total);
    }
  };
  await allOrFirstFailure(clients.map(work));
  return sortedByName(found);
}

async function readWithin(
  client: ClientBase,
  tables: readonly HashedTable[],
  options: Pick<ContentOptions, 'hides'> & { readonly budget: ReadingBudget },
): Promise<Contents> {
  const attempt = withinBudget(client, options.budget);
  const hash = hasher({ hides: options.hides ?? [] });
  const found: Contents = {};
  for (const table of [...tables].sort((a, b) => a.bytes - b.bytes)) {
    const content = await attempt(table.name, () => hash(client, table));
    if (content !== undefined) found[table.name] = content;
  }
  return sortedByName(found);
}

/** A table of at most so many rows keeps a line for each. */
const LISTED_ROWS = 4_000;
/** All tables that do so, together: a fingerprint stays a few megabytes, however many tables there are. */
const LISTED_ROWS_IN_ALL = 100_000;
/** A table that is larger is not even tried. */
const LISTED_BYTES = LISTED_ROWS * 1024;
/** From here on, and where the size is not known, rows are told apart by more buckets. */
const LARGE_BYTES = 1024 * 8192;
const BUCKETS = { few: 64, many: 1024 } as const;

/** Hashes one table after the other; how much may still be listed is shared by all that are read at once. */
function hasher({
  large,
  hides = [],
}: Pick<ContentOptions, 'large' | 'hides'>): (
  client: ClientBase,
  table: HashedTable,
) => Promise<TableContent> {
  let room = LISTED_ROWS_IN_ALL;
  return async (client, table) => {
    const { rows, shape, key, bytes } = table;
    if (table.columns.some((column) => hides.includes(column))) return digestAlone(client, table);
    const limit = bytes > LISTED_BYTES ? 0 : Math.min(LISTED_ROWS, room);
    const listed = limit === 0 ? undefined : await listRows(client, rows, limit);
    if (listed !== undefined) room -= Number(listed.rows);
    const of = listed !== undefined || bytes === 0 || bytes >= LARGE_BYTES ? BUCKETS.many : BUCKETS.few;
    const summing = large === undefined ? summingQuery : plainQuery;
    const sum = listed ?? (await readSum(client, rows === null ? UNPOPULATED : summing(rows, of)));
    const content = { rows: Number(sum.rows), digest: `${shape}:${sum.sum}` };
    if (listed === undefined && large !== undefined) return content;
    return {
      ...content,
      detail: { by: listed === undefined ? 'bucket' : 'row', key, of, lines: sum.lines ?? '' },
    };
  };
}

async function digestAlone(client: ClientBase, { rows, shape }: HashedTable): Promise<TableContent> {
  const sum = await readSum(client, rows === null ? UNPOPULATED : plainQuery(rows));
  return { rows: Number(sum.rows), digest: `${shape}:${sum.sum}` };
}

/** Undefined: there are more rows. */
async function listRows(
  client: ClientBase,
  rows: HashedRows | null,
  limit: number,
): Promise<HashSum | undefined> {
  if (rows === null) return undefined;
  const listed = await readSum(client, listingQuery(rows, BUCKETS.many, limit + 1));
  return Number(listed.rows) > limit ? undefined : listed;
}

async function readSum(client: ClientBase, query: string): Promise<HashSum> {
  const { rows } = await client.query<HashSum>(query);
  return rows[0] ?? { rows: '0', sum: '', lines: null };
}

function keptContent(table: HashedTable, reuse: ContentOptions['reuse']): TableContent | undefined {
  if (reuse === undefined || isNamed(table, reuse.touched)) return undefined;
  const previous = reuse.previous.contents[table.name];
  return previous?.digest.startsWith(`${table.shape}:`) === true ? previous : undefined;
}

/** Waits for all, failed or not, so that no query still runs when the caller takes its connections back. */
async function allOrFirstFailure(running: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(running);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function sortedByName(contents: Contents): Contents {
  return Object.fromEntries(Object.entries(contents).sort(([a], [b]) => (a < b ? -1 : 1)));
}
