import type { Client } from 'pg';
import { waitUntil } from '../../../src/embedded/wait';
import type { Effect, Scenario } from './scenarios';
import type { Peer } from './peer';
import { OURS } from './server';

const NOTICED_LIMIT_MS = 3_000;

/** What the database says, and nobody else. */
export interface Observation {
  readonly effect: Effect;
  /** What the tool's own table says. */
  readonly record: 'recorded' | 'not recorded';
  /** The first line of each statement that still runs, or waits, for a peer. */
  readonly sessions: readonly string[];
}

/** Asks the catalog, the rows, the tool's own table and the list of sessions. */
export async function observe(database: Client, peer: Peer, scenario: Scenario): Promise<Observation> {
  const effect = await scenario.look(database);
  const record = (await peer.isRecorded(database)) ? 'recorded' : 'not recorded';
  return { effect, record, sessions: (await sessionsOf(database)).map(({ query }) => query) };
}

/** Waits until sessions that only wait for their client have gone with it: those the server notices at once. */
export async function untilOnlyBusyOnesAreLeft(database: Client): Promise<void> {
  const areBusy = async (): Promise<boolean> =>
    (await sessionsOf(database)).every(({ state }) => state === 'active');
  await waitUntil(areBusy, NOTICED_LIMIT_MS);
}

/** Waits until no session of a peer is left; false where one is, after the limit. */
export async function untilQuiet(database: Client, limitMs: number): Promise<boolean> {
  return await waitUntil(async () => (await sessionsOf(database)).length === 0, limitMs);
}

/** Ends what a dead client has left, as a person would with `pg_terminate_backend`. */
export async function terminateSessions(database: Client): Promise<void> {
  for (const { pid } of await sessionsOf(database))
    await database.query('select pg_terminate_backend($1)', [pid]);
}

interface Session {
  readonly pid: number;
  readonly state: string;
  readonly query: string;
}

async function sessionsOf(database: Client): Promise<readonly Session[]> {
  const sql = `select pid, coalesce(state, '') as state, split_part(ltrim(query, E' \\n'), E'\\n', 1) as query
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'
      and application_name not like $1 || '%'
    order by pid`;
  return (await database.query<Session>(sql, [OURS])).rows;
}
