import type { Session } from './session';

/** A session that another one waits for. */
export interface Blocker {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly state: string;
  /** Seconds since its query began. */
  readonly seconds: number;
  /** The first line of its query, without the values in it. */
  readonly query: string;
  /** What is waited for: `AccessExclusiveLock on public.orders`. */
  readonly lock: string;
}

/** At most so many are named; the first is the one to talk to. */
const MOST_NAMED = 3;

const BLOCKERS = `
select a.pid, a.usename::text as "user", coalesce(a.application_name, '') as application, coalesce(a.state, '') as state,
       coalesce(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - coalesce(a.query_start, a.xact_start)), 0)::int as seconds,
       coalesce(a.query, '') as query,
       coalesce(w.mode || ' on ' || case when c.oid is null then w.locktype
                                         else pg_catalog.format('%I.%I', n.nspname, c.relname) end, '') as lock
  from pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) as b (pid)
  join pg_catalog.pg_stat_activity a on a.pid = b.pid
  left join lateral (select * from pg_catalog.pg_locks l where l.pid = $1 and not l.granted limit 1) w on true
  left join pg_catalog.pg_class c on c.oid = w.relation
  left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 order by a.xact_start nulls last`;

/** Who holds what a session waits for, the oldest transaction first; empty where it waits for nobody. */
export async function readBlockers(session: Session, pid: number): Promise<readonly Blocker[]> {
  const answer = await session.query(BLOCKERS, [pid]);
  return answer.rows.map((row) => ({
    pid: Number(row['pid']),
    user: String(row['user']),
    application: String(row['application']),
    state: String(row['state']),
    seconds: Number(row['seconds']),
    query: withoutValues(String(row['query'])),
    lock: String(row['lock']),
  }));
}

/** One line for people at three in the morning: whom to talk to, and about what. */
export function inWords(blockers: readonly Blocker[]): string {
  const named = blockers.slice(0, MOST_NAMED).map(oneInWords);
  const more = blockers.length > MOST_NAMED ? [`${blockers.length - MOST_NAMED} more`] : [];
  return `waits for ${blockers[0]?.lock ?? 'a lock'}, held up by ${[...named, ...more].join('; ')}`;
}

function oneInWords({ pid, user, application, state, seconds, query }: Blocker): string {
  const who = [user, application].filter((part) => part !== '').join(', ');
  return `process ${pid} (${who}, ${state} for ${seconds} s: ${query})`;
}

/** The history and the UI show it: constants of other people's queries may be secrets or rows. Invariant 10. */
function withoutValues(query: string): string {
  const line = query.trim().split('\n')[0] ?? '';
  const plain = line
    .replaceAll(/\$([A-Za-z_]*)\$.*?(\$\1\$|$)/g, '…')
    .replaceAll(/'(?:[^']|'')*('|$)/g, '…')
    .replaceAll(/\b\d[\d.]*\b/g, '…');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
