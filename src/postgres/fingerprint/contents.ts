import type { ClientBase } from 'pg';
import type { Fingerprint, TableContent } from '../../core/schema/fingerprint';
import { isNamed, listTables } from './tables';
import type { HashedTable, VolatileColumns } from './tables';

/** Which tables are hashed, and what of an earlier fingerprint still holds. */
export interface ContentOptions {
  /** All tables, none, or those named `schema.table` as PostgreSQL quotes them; a partitioned table names its partitions. */
  readonly contents: 'all' | 'none' | readonly string[];
  /** Tables that are not `touched` and have the same columns keep their digest. The caller vouches for the list. */
  readonly reuse?: { readonly previous: Fingerprint; readonly touched: readonly string[] };
  readonly volatile?: readonly VolatileColumns[];
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
  const total = queue.length;
  const next = (): HashedTable | undefined => queue.shift();
  let done = 0;
  const work = async (client: ClientBase): Promise<void> => {
    for (let table = next(); table !== undefined; table = next()) {
      found[table.name] = await hashTable(client, table);
      done += 1;
      options.onProgress?.(done, total);
    }
  };
  await allOrFirstFailure(clients.map(work));
  return sortedByName(found);
}

async function hashTable(client: ClientBase, table: HashedTable): Promise<TableContent> {
  const { rows } = await client.query<{ rows: string; sum: string }>(table.query);
  return { rows: Number(rows[0]?.rows), digest: `${table.shape}:${rows[0]?.sum ?? ''}` };
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
