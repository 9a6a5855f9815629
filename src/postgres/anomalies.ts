import type { Session } from './session';

/** What is looked for, beside the figures of packages. */
export interface AnomalyRules {
  /** `schema.table`: nobody should write them now. */
  readonly tables: readonly string[];
  /** A transaction that is older than this is stuck, seconds. */
  readonly transactionAge: number;
}

/** Transactions that hold back others and the cleaning of the whole database. In words, the oldest first. */
export async function readStuckTransactions(
  session: Session,
  { transactionAge }: AnomalyRules,
): Promise<readonly string[]> {
  const { rows } = await session.query(
    `select pid, coalesce(usename::text, '') as who, application_name as application, state,
            floor(extract(epoch from now() - xact_start) / 60)::int as minutes
     from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start < now() - make_interval(secs => $1)
     order by xact_start limit 10`,
    [transactionAge],
  );
  return rows.map(
    ({ pid, who, application, state }) =>
      `a transaction of ${String(who)} (${String(application)}, pid ${String(pid)}, ${String(state)}) is open for longer than ${Math.round(transactionAge / 60)} min`,
  );
}

/** Rows written to each watched table since the statistics began: what the next look compares with. */
export async function readWrites(
  session: Session,
  { tables }: AnomalyRules,
): Promise<Readonly<Record<string, number>>> {
  if (tables.length === 0) return {};
  const { rows } = await session.query(
    `select schemaname || '.' || relname as name, (n_tup_ins + n_tup_upd + n_tup_del)::float8 as writes
     from pg_stat_user_tables where schemaname || '.' || relname = any($1)`,
    [tables],
  );
  return Object.fromEntries(rows.map(({ name, writes }) => [String(name), Number(writes)]));
}
