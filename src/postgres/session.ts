import { Socket } from 'node:net';
import pgpass from 'pgpass';
import { Client } from 'pg';
import type { ClientConfig, QueryResult } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import type { Endpoint } from './endpoint';
import { asReleaseError } from './errors';

/** What every session states when it starts; start-up options, for `set local` leaks into and out of user SQL. */
export interface SessionSettings {
  /** At most 63 characters; `one-roof …`. */
  readonly application: string;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly readOnly?: true;
  /** Cancels the running statement on the server when it fires. */
  readonly signal?: AbortSignal;
}

type Row = Record<string, unknown>;

/** A connection with the extended protocol only: one statement a message, so that nothing rides along with it. */
export interface Session {
  readonly client: Client;
  readonly pid: number;
  query(sql: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A backend whose client is gone ends within this time, even in the midst of a statement. FACTS.md, zombies. */
const CONNECTION_CHECK_MS = 500;

/** Opens a session, hands it over, closes it whatever happens. Errors of the server come out as ReleaseErrors. */
export async function withSession<T>(
  endpoint: Endpoint,
  settings: SessionSettings,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await connect(endpoint, settings);
  const cancel = (): void => void cancelStatement(endpoint, client);
  try {
    const session = await openSession(client);
    settings.signal?.addEventListener('abort', cancel);
    if (settings.signal?.aborted === true)
      throw new ReleaseError('ABORTED', 'it was cancelled before it began');
    return await work(session);
  } catch (error) {
    throw asReleaseError(error);
  } finally {
    settings.signal?.removeEventListener('abort', cancel);
    await close(client);
  }
}

async function connect(endpoint: Endpoint, settings: SessionSettings): Promise<Client> {
  const client = new Client({
    ...clientConfig(endpoint),
    application_name: settings.application.slice(0, 63),
    options: startupOptions(settings),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', ignoreLateError);
  try {
    await client.connect();
  } catch (error) {
    throw connectError(error, endpoint);
  }
  return client;
}

function clientConfig(endpoint: Endpoint): ClientConfig {
  const { tls, ...where } = endpoint;
  const password = endpoint.password ?? ((): Promise<string> => passwordOf(endpoint));
  return {
    ...where,
    password,
    ...(tls === undefined ? {} : { ssl: { rejectUnauthorized: tls === 'verify' } }),
  };
}

/** The password file's word for this role; an empty one where it has none, which the server then refuses. */
function passwordOf({ host, port, database, user }: Endpoint): Promise<string> {
  return new Promise((resolve) =>
    pgpass({ host, port, database, user }, (password) => resolve(password ?? '')),
  );
}

/** The connection's end also reaches the query that waits for it; without a listener it would end the process. */
function ignoreLateError(): void {
  return undefined;
}

function startupOptions(settings: SessionSettings): string {
  const options: Record<string, string> = {
    lock_timeout: String(settings.lockTimeoutMs),
    statement_timeout: String(settings.statementTimeoutMs),
    idle_in_transaction_session_timeout: '60000',
    client_connection_check_interval: String(CONNECTION_CHECK_MS),
    search_path: 'public',
    default_transaction_isolation: 'read\\ committed',
    default_transaction_read_only: settings.readOnly === true ? 'on' : 'off',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
  };
  return Object.entries(options)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function connectError(error: unknown, endpoint: Endpoint): ReleaseError {
  const known = asReleaseError(error);
  const where = `${endpoint.user}@${endpoint.host}:${endpoint.port}/${endpoint.database}`;
  if (/unsupported startup parameter/.test(known.message)) {
    return new ReleaseError('POOLER_REFUSED', `${where}: a connection pooler answered: ${known.message}`, {
      cause: error,
    });
  }
  if (/SASL|password must be a string|no password supplied/.test(known.message)) {
    return new ReleaseError('AUTH_FAILED', `${where}: there is no password for this role: ${known.message}`, {
      cause: error,
    });
  }
  const code = known.code === 'SESSION_LOST' ? 'CONNECT_FAILED' : known.code;
  return new ReleaseError(code, `${where}: ${known.message}`, { cause: error });
}

async function openSession(client: Client): Promise<Session> {
  const query = (sql: string, values: readonly unknown[] = []): Promise<QueryResult<Row>> => {
    const config = { text: sql, values: [...values], queryMode: 'extended' };
    return client.query<Row>(config);
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
  return { client, pid, query };
}

/** Asks the server, over a connection of its own, to cancel what this client runs; the wait for its end is the caller's. */
async function cancelStatement(endpoint: Endpoint, victim: Client): Promise<void> {
  const pid: unknown = Reflect.get(victim, 'processID');
  const client = new Client({ ...clientConfig(endpoint), application_name: 'one-roof cancel' });
  client.on('error', ignoreLateError);
  try {
    await client.connect();
    await client.query('select pg_catalog.pg_cancel_backend($1)', [pid]);
  } catch {
    destroySocket(victim); // the server cannot be asked: a lost client ends the backend within half a second
  } finally {
    await close(client);
  }
}

async function close(client: Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // it had ended already: nothing is left to close
  }
}

function destroySocket(client: Client): void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  if (stream instanceof Socket) stream.destroy();
}
