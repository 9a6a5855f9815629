import type { ConnectionLike } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import { ReleaseError } from '../core/rules/release-error';
import { waitUntil } from './wait';

const KEYWORD = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
const VISIBLE_LIMIT_MS = 30_000;

/**
 * Registers the search attributes that are missing in a namespace, also of a server that exists; needs the operator's
 * right there only if some are missing. Returns the names that it added, once the server lists them.
 */
export async function registerSearchAttributes(
  connection: Pick<ConnectionLike, 'operatorService'>,
  namespace: string,
): Promise<readonly string[]> {
  const present = await listAttributes(connection, namespace);
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  const foreign = wanted.find((name) => present[name] !== undefined && present[name] !== KEYWORD);
  if (foreign !== undefined) {
    throw new ReleaseError('CONFIG_INVALID', `search attribute ${foreign} of ${namespace} is no Keyword`, {
      hint: 'Another application uses that name; give One-Roof a namespace of its own.',
    });
  }
  const missing = wanted.filter((name) => present[name] === undefined);
  if (missing.length === 0) return [];
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  const listed = await waitUntil(async () => {
    const now = await listAttributes(connection, namespace);
    return missing.every((name) => now[name] !== undefined);
  }, VISIBLE_LIMIT_MS);
  if (listed) return missing;
  throw new ReleaseError(
    'SERVER_UNREACHABLE',
    `${namespace} does not list ${missing.join(', ')} though they were added`,
  );
}

async function listAttributes(
  connection: Pick<ConnectionLike, 'operatorService'>,
  namespace: string,
): Promise<Readonly<Record<string, temporal.api.enums.v1.IndexedValueType | undefined>>> {
  const answer = await connection.operatorService.listSearchAttributes({ namespace });
  return answer.customAttributes;
}
