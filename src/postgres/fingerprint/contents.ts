import type { ClientBase } from 'pg';
import type { Fingerprint, TableContent } from '../../core/schema/fingerprint';
import { withinBudget } from './within-budget';
import type { ReadingBudget } from './within-budget';
import { UNPOPULATED, listingQuery, summingQuery } from './row-hash';
import type { HashSum } from './row-hash';
import { isNamed, listTables } from './tables';
import type { HashedTable, VolatileColumns } from './tables';

/** Which tables are hashed, and what of an earlier fingerprint still holds. */
export interface ContentOptions {
  /** All tables, none, or those named `schema.table` as PostgreSQL quotes them; a partitioned table names its partitions. */
  readonly contents: 'all' | 'none' | readonly string[];
  /** Tables that are not `touched` and have the same columns keep their digest. The caller vouches for the list. */
  readonly reuse?: { readonly previous: Fingerprint; readonly touched: readonly string[] };
  readonly volatile?: readonly VolatileColumns[];
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
    return { ...found, ...(await readWithin(clients[0], queue, options.budget)) };
  const total = queue.length;
  const listed = chooseListed(chosen);
  const next = (): HashedTable | undefined => queue.shift();
  let done = 0;
  const work = async (client: ClientBase): Promise<void> => {
    for (let table = next(); table !== undefined; table = next()) {
      found[table.name] = await hashTable(client, table, listed.has(table.name));
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
  budget: ReadingBudget,
): Promise<Contents> {
  const attempt = withinBudget(client, budget);
  const listed = chooseListed(tables);
  const found: Contents = {};
  for (const table of [...tables].sort((a, b) => a.bytes - b.bytes)) {
    const content = await attempt(table.name, () => hashTable(client, table, listed.has(table.name)));
    if (content !== undefined) found[table.name] = content;
  }
  return sortedByName(found);
}

/** Tables up to this size keep a line for each row: at most some 4,000 of them, usually a few hundred. */
const LISTED_BYTES = 16 * 8192;
/** All tables that keep their rows together; a fingerprint stays a few megabytes, however many tables there are. */
const LISTED_BYTES_IN_ALL = 1024 * 8192;
/** From here on rows are told apart by more buckets. */
const LARGE_BYTES = 1024 * 8192;
const BUCKETS = { few: 64, many: 1024 } as const;

/** The small tables, smallest first, as far as there is room. */
function chooseListed(tables: readonly HashedTable[]): ReadonlySet<string> {
  let room = LISTED_BYTES_IN_ALL;
  const small = tables.filter(({ bytes }) => bytes <= LISTED_BYTES).sort((a, b) => a.bytes - b.bytes);
  return new Set(
    small.flatMap(({ name, bytes }) => {
      room -= Math.max(bytes, 8192);
      return room >= 0 ? [name] : [];
    }),
  );
}

async function hashTable(
  client: ClientBase,
  { rows: hashed, shape, key, bytes }: HashedTable,
  isListed: boolean,
): Promise<TableContent> {
  const of = bytes < LARGE_BYTES ? BUCKETS.few : BUCKETS.many;
  const read = isListed ? listingQuery : summingQuery;
  const { rows } = await client.query<HashSum>(hashed === null ? UNPOPULATED : read(hashed, of));
  const [sum] = rows;
  return {
    rows: Number(sum?.rows),
    digest: `${shape}:${sum?.sum ?? ''}`,
    detail: { by: isListed ? 'row' : 'bucket', key, of, lines: sum?.lines ?? '' },
  };
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
