import { setTimeout as wait } from 'node:timers/promises';
import { milliseconds } from '../core/rules/milliseconds';
import type { LiveChecks } from '../core/schema/condition';
import type { Session } from './session';

type Row = Readonly<Record<string, unknown>>;

/** What a server may be asked of them; a disk is none of its business. */
export type ServerChecks = Omit<LiveChecks, 'freeDisk'>;

/** A replica that is behind is watched for as long as it may be, and no longer than this. */
const LONGEST_LOOK_MS = 60_000;
const POLL_MS = 200;

/** Reads in a transaction of its own. */
export type ReadOnce = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** In words, what does not hold at the server now; none: all of it holds. No transaction is open between its reads. */
export async function unmetAtServer(once: ReadOnce, checks: ServerChecks): Promise<readonly string[]> {
  const sessions = await once(async (session) => [
    ...(await oldTransactions(session, checks)),
    ...(await fewConnections(session, checks)),
  ]);
  return [...sessions, ...(await lateReplicas(once, checks))];
}

const OLDEST = `
select pid, coalesce(usename::text, '') as who, application_name as application, state,
       floor(extract(epoch from now() - since))::int8 as seconds
  from (select *, case when $1 = 'any' then xact_start when state like 'idle in transaction%' then state_change end as since
          from pg_catalog.pg_stat_activity
         where backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()) a
 where since < now() - pg_catalog.make_interval(secs => $2::float8 / 1000)
 order by since limit 3`;

/** A tier that waits behind one of them holds up everybody who comes after it. */
async function oldTransactions(session: Session, checks: ServerChecks): Promise<readonly string[]> {
  const limits = [
    { state: 'any', limit: checks.transactionAge, words: 'has a transaction open' },
    { state: 'idle', limit: checks.idleInTransaction, words: 'is idle in a transaction' },
  ];
  const found: string[] = [];
  for (const { state, limit, words } of limits) {
    if (limit === undefined) continue;
    const { rows } = await session.query(OLDEST, [state, milliseconds(limit)]);
    for (const { pid, who, application, seconds } of rows)
      found.push(
        `process ${String(pid)} (${String(who)}, ${String(application)}) ${words} for ${String(seconds)} s, at most ${limit}`,
      );
  }
  return found;
}

/** Reserved ones are not to be had; `reserved_connections` came with PostgreSQL 16. */
const FREE = `
select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - coalesce(current_setting('reserved_connections', true), '0')::int - count(*)::int as free
  from pg_catalog.pg_stat_activity where backend_type = 'client backend'`;

async function fewConnections(
  session: Session,
  { freeConnections }: ServerChecks,
): Promise<readonly string[]> {
  if (freeConnections === undefined) return [];
  const [row = {}] = (await session.query(FREE)).rows;
  const free = Number(row['free'] ?? 0);
  return free >= freeConnections ? [] : [`${free} connections are free, at least ${freeConnections}`];
}

const REPLICAS = `
select coalesce(nullif(application_name, ''), client_addr::text, 'pid ' || pid) as replica,
       coalesce(replay_lsn >= $1::pg_lsn, false) as replayed, (extract(epoch from replay_lag) * 1000)::int8 as ms
  from pg_catalog.pg_stat_replication where state = 'streaming' order by 1`;

/**
 * Does each replica replay within the limit what is written now? `replay_lag` says nothing before the first replay, and stands
 * still with it: it is asked only where the limit is longer than the look.
 */
async function lateReplicas(once: ReadOnce, { replicaLag }: ServerChecks): Promise<readonly string[]> {
  if (replicaLag === undefined) return [];
  const limit = milliseconds(replicaLag);
  const begun = performance.now();
  const mark = await once((session) =>
    session.query('select pg_catalog.pg_current_wal_flush_lsn()::text as lsn'),
  );
  for (;;) {
    const { rows } = await once((session) => session.query(REPLICAS, [mark.rows[0]?.['lsn']]));
    const late = rows.filter(({ replayed }) => replayed !== true);
    const waited = performance.now() - begun;
    const isLate = ({ ms }: Row): boolean => waited >= limit || ms === null || Number(ms) > limit;
    if (late.length === 0) return [];
    if (
      waited >= Math.min(limit, LONGEST_LOOK_MS) ||
      late.some(({ ms }) => ms !== null && Number(ms) > limit)
    )
      return late
        .filter(isLate)
        .map(
          ({ replica, ms }) =>
            `replica ${String(replica)} is ${behind(ms, waited)} behind, at most ${replicaLag}`,
        );
    await wait(POLL_MS);
  }
}

/** At least as long as it was waited for. */
function behind(ms: unknown, waited: number): string {
  return `${(Math.max(Number(ms ?? 0), waited) / 1000).toFixed(1)} s`;
}
