import pgpass from 'pgpass';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import type { Opened } from '../read-channel/permitted-read';
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
  /** Further start-up options, and other values of those that every session states; without white space. */
  readonly startup?: Readonly<Record<string, string>>;
  readonly connectTimeoutMs?: number;
  /** What the target lets the reads of packages do. */
  readonly opened?: Opened;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that is silent this long is probed, so that a server lost without a word is noticed. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A backend whose client is gone ends within this time, even in the midst of a statement. FACTS.md, zombies. */
const CONNECTION_CHECK_MS = 500;

/** Connects; the caller closes. @throws CONNECT_FAILED, AUTH_FAILED, POOLER_REFUSED, … */
export async function connect(endpoint: Endpoint, settings: SessionSettings): Promise<Client> {
  const client = new Client({
    ...clientConfig(endpoint),
    application_name: settings.application.slice(0, 63),
    options: startupOptions(settings),
    connectionTimeoutMillis: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
  client.on('error', ignoreLateError);
  try {
    await client.connect();
  } catch (error) {
    throw connectError(error, endpoint);
  }
  return client;
}

/** Where to connect and with which password; what a session states is not in it. */
export function clientConfig(endpoint: Endpoint): ClientConfig {
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
export function ignoreLateError(): void {
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
    ...settings.startup,
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

/** Ends a connection, also one that has ended. */
export async function close(client: Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // it had ended already: nothing is left to close
  }
}
