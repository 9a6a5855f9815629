import type { ClientBase } from 'pg';
import type { Fingerprint } from '../../core/schema/fingerprint';
import { readCatalog } from './catalog/read';
import { readContents } from './contents';
import type { ContentOptions } from './contents';
import { withPinnedSession } from './pinned-session';
import { readSequencePositions } from './sequence-positions';

export type { VolatileColumns } from './tables';

export interface FingerprintOptions extends ContentOptions {
  /** Further clients on the same snapshot; the tables are spread across all of them. */
  readonly helpers?: readonly ClientBase[];
}

/**
 * Takes the fingerprint of the database that the client is connected to, as a role that may read every table.
 * Inside a transaction it keeps to its snapshot; outside it opens a read-only one of its own. Exact for whoever does not
 * choose rows to deceive it: a row counts by 64 bits, and two tables pass for one by chance alone, once in 2^64.
 * Definitions come from PostgreSQL's caches, not from the snapshot: nobody may change the schema meanwhile.
 */
export async function takeFingerprint(client: ClientBase, options: FingerprintOptions): Promise<Fingerprint> {
  return pinnedAll([client, ...(options.helpers ?? [])], async () => {
    const objects = await readCatalog(client);
    const sequences = await readSequencePositions(client);
    const contents = await readContents([client, ...(options.helpers ?? [])], options);
    return { objects, contents, sequences };
  });
}

/** Pins one session after the other, and lets them go in the reverse order. */
async function pinnedAll<T>(clients: readonly ClientBase[], work: () => Promise<T>): Promise<T> {
  const [first, ...rest] = clients;
  return first === undefined ? work() : withPinnedSession(first, () => pinnedAll(rest, work));
}
