import { Client, Connection } from '@temporalio/client';
import { ReleaseError } from '../core/rules/release-error';
import { asServerError, isNotFound, wordsOf } from './rpc-error';
import type { ServerPlace } from './server-place';

/** A connection to Temporal that is known to answer. */
export interface Temporal {
  readonly client: Client;
  readonly connection: Connection;
  readonly place: ServerPlace;
}

const CONNECT_MS = 5_000;

/**
 * Connects, hands the connection over, closes it whatever happens.
 * @throws SERVER_UNREACHABLE naming address and namespace, within 5 s
 */
export async function withTemporal<T>(
  place: ServerPlace,
  work: (temporal: Temporal) => Promise<T>,
): Promise<T> {
  const connection = await connect(place);
  try {
    await verifyNamespace(connection, place);
    const client = new Client({ connection, namespace: place.namespace });
    return await work({ client, connection, place });
  } catch (error) {
    throw asServerError(error, nameOf(place));
  } finally {
    await connection.close();
  }
}

/** How messages speak of a server. */
export function nameOf(place: ServerPlace): string {
  return `Temporal at ${place.address}, namespace ${place.namespace},`;
}

async function connect(place: ServerPlace): Promise<Connection> {
  try {
    return await Connection.connect({ ...place.options, connectTimeout: CONNECT_MS });
  } catch (cause) {
    const message = `${nameOf(place)} does not answer: ${wordsOf(cause)}`;
    throw new ReleaseError('SERVER_UNREACHABLE', message, { cause });
  }
}

async function verifyNamespace(connection: Connection, place: ServerPlace): Promise<void> {
  try {
    const { namespace } = place;
    await connection.withDeadline(Date.now() + CONNECT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new ReleaseError(
      'SERVER_UNREACHABLE',
      `the server at ${place.address} has no namespace ${place.namespace}`,
      { hint: 'Give one that it has with `--namespace`, or create it there.', cause },
    );
  }
}
