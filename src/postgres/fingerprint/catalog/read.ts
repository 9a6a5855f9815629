import type { ClientBase } from 'pg';
import type { CatalogObject } from '../../../core/schema/fingerprint';
import { keyQueries } from './keys';
import { operatorQueries } from './operators';
import { outwardQueries } from './outward';
import { reactionQueries } from './reactions';
import { relationQueries } from './relations';
import { routineQueries } from './routines';
import { settle } from './settle';
import { textSearchQueries } from './text-search';
import { typeQueries } from './data-types';
import { wholeQueries } from './whole';

/**
 * Every object that a release can touch, sorted by kind and name. System objects, One-Roof's schema and members of
 * extensions are left out. The session must be pinned (`withPinnedSession`).
 */
export async function readCatalog(client: ClientBase): Promise<CatalogObject[]> {
  const objects: CatalogObject[] = [];
  for (const query of catalogQueries(await versionOf(client))) {
    const { rows } = await client.query<CatalogObject>(query);
    for (const { kind, name, definition } of rows) {
      objects.push({ kind, name, definition: settle(definition) });
    }
  }
  return objects.sort((a, b) => inOrder(a.kind, b.kind) || inOrder(a.name, b.name));
}

function catalogQueries(version: number): readonly string[] {
  return [
    ...wholeQueries,
    ...relationQueries,
    ...keyQueries,
    ...reactionQueries,
    ...routineQueries,
    ...typeQueries,
    ...operatorQueries,
    ...textSearchQueries,
    ...outwardQueries(version),
  ];
}

async function versionOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  return Number(rows[0]?.version);
}

/** By code unit, so that no locale of server or worker changes the order. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
