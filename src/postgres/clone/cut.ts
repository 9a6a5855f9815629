import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';

/**
 * Cuts what could act outward from a clone: subscriptions, foreign servers' user mappings, event triggers, scheduled jobs.
 * @returns what was cut, in words.
 */
export async function cutOutward(session: Session): Promise<readonly string[]> {
  const cut: string[] = [];
  for (const { find, act, kind } of OUTWARD) {
    for (const row of (await session.query(find)).rows) {
      const name = String(row['name']);
      for (const statement of act(name, row)) await session.query(statement);
      cut.push(`${kind} ${name}`);
    }
  }
  if (
    (await session.query(`select pg_catalog.to_regclass('cron.job') is not null as yes`)).rows[0]?.['yes'] ===
    true
  ) {
    const jobs = await session.query('update cron.job set active = false where active');
    if ((jobs.rowCount ?? 0) > 0) cut.push(`${jobs.rowCount ?? 0} jobs of pg_cron`);
  }
  return cut;
}

interface Outward {
  readonly kind: string;
  readonly find: string;
  readonly act: (name: string, row: Readonly<Record<string, unknown>>) => readonly string[];
}

const OUTWARD: readonly Outward[] = [
  {
    kind: 'subscription',
    find: `select subname as name from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
            where d.datname = pg_catalog.current_database()`,
    act: (name) => [
      `alter subscription ${quoteIdentifier(name)} disable`,
      `alter subscription ${quoteIdentifier(name)} set (slot_name = none)`,
      `drop subscription ${quoteIdentifier(name)}`,
    ],
  },
  {
    kind: 'user mapping of server',
    find: `select srvname as name, usename as "user" from pg_catalog.pg_user_mappings`,
    act: (name, row) => {
      const who = row['user'] === 'public' ? 'public' : quoteIdentifier(String(row['user']));
      return [`drop user mapping if exists for ${who} server ${quoteIdentifier(name)}`];
    },
  },
  {
    kind: 'event trigger',
    find: `select evtname as name from pg_catalog.pg_event_trigger where evtenabled <> 'D'`,
    act: (name) => [`alter event trigger ${quoteIdentifier(name)} disable`],
  },
];
