import { Socket } from 'node:net';
import { Client } from 'pg';
import { ReleaseError } from '../core/rules/release-error';
import { clientConfig, close, ignoreLateError } from './connection';
import type { Endpoint } from './endpoint';

/** A cancel that arrives between two statements is lost: it is asked for again until the session is closed. */
const REPEAT_MS = 500;
/** A cancel that is not answered within this time has not arrived: then the session's own connection is cut. */
const PATIENCE_MS = 5_000;

/** Cancels on the server what a session runs, from the moment that its signal fires until the session is closed. */
export class Cancellation {
  private timer: NodeJS.Timeout | undefined;
  private asking: Promise<void> | undefined;
  private committing = false;
  private readonly begin = (): void => {
    this.ask();
    this.timer = setInterval(() => this.ask(), REPEAT_MS);
  };

  constructor(
    private readonly endpoint: Endpoint,
    private readonly client: Client,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.begin, { once: true });
  }

  /** Runs one statement, unless it was cancelled before; a commit that has been sent is disturbed no more. @throws ABORTED */
  async guard<T>(sql: string, run: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted === true && !sql.startsWith('rollback'))
      throw new ReleaseError('ABORTED', 'it was cancelled; no further statement was sent');
    if (sql !== 'commit') return run();
    this.committing = true;
    return run().finally(() => (this.committing = false));
  }

  /** Waits for a cancel under way: the process id that it names must be ours until it has arrived. */
  async end(): Promise<void> {
    this.signal?.removeEventListener('abort', this.begin);
    clearInterval(this.timer);
    await this.asking;
  }

  private ask(): void {
    if (this.committing || this.asking !== undefined) return;
    this.asking = cancel(this.endpoint, this.client).finally(() => (this.asking = undefined));
  }
}

/** Asks the server, over a connection of its own; the wait for the statement's end is the caller's. */
async function cancel(endpoint: Endpoint, victim: Client): Promise<void> {
  const pid: unknown = Reflect.get(victim, 'processID');
  const client = new Client({
    ...clientConfig(endpoint),
    application_name: 'one-roof cancel',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
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

/** Cuts a session off: the server ends it within half a second, whatever it does. */
export function destroySocket(client: Client): void {
  socketOf(client)?.destroy();
}

/** What the server sends arrives here. */
export function socketOf(client: Client): Socket | undefined {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  return stream instanceof Socket ? stream : undefined;
}
