import type { Client, QueryResult } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import type { Opened } from '../read-channel/permitted-read';
import { Cancellation } from './cancellation';
import { close, connect } from './connection';
import type { SessionSettings } from './connection';
import type { Endpoint } from './endpoint';
import { asReleaseError } from './errors';

export type { SessionSettings } from './connection';

type Row = Record<string, unknown>;

/** A connection with the extended protocol only: one statement a message, so that nothing rides along with it. */
export interface Session {
  readonly client: Client;
  readonly pid: number;
  /** What the target lets the reads of packages do. */
  readonly opened: Opened;
  /** @throws ABORTED once the session's signal has fired; a rollback is let through. */
  query(sql: string, values?: readonly unknown[], kept?: KeptStatement): Promise<QueryResult<Row>>;
}

/** A statement that the session keeps as prepared, under a name of ours: what is asked often is planned once. */
export interface KeptStatement {
  readonly name: string;
}

/** Opens a session, hands it over, closes it whatever happens. Errors of the server come out as ReleaseErrors. */
export async function withSession<T>(
  endpoint: Endpoint,
  settings: SessionSettings,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await connect(endpoint, settings);
  const cancellation = new Cancellation(endpoint, client, settings.signal);
  try {
    return await work(await openSession(client, cancellation, settings.opened));
  } catch (error) {
    throw asReleaseError(error);
  } finally {
    await cancellation.end();
    await close(client);
  }
}

const NOTHING: Opened = { functions: [] };

async function openSession(
  client: Client,
  cancellation: Cancellation,
  opened: Opened = NOTHING,
): Promise<Session> {
  const query: Session['query'] = (sql, values = [], kept) => {
    const config = { text: sql, values: [...values], queryMode: 'extended', ...kept };
    return cancellation.guard(sql, () => client.query<Row>(config));
  };
  const answer = await query('select pg_catalog.pg_backend_pid() as pid');
  const pid = Number(answer.rows[0]?.['pid']);
  const announced: unknown = Reflect.get(client, 'processID');
  if (announced !== pid) {
    throw new ReleaseError(
      'POOLER_REFUSED',
      `the server announced process ${String(announced)} and ran as ${pid}: a connection pooler stands between`,
    );
  }
  return { client, pid, opened, query };
}
