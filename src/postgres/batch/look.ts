import { z } from 'zod';
import { LockHeld } from '../../core/schema/blast';
import { TABLES, WRITING } from '../observation';
import type { Session } from '../session';

/** Where the transaction of a batch stands. */
const Look = z.object({
  xid: z.string().nullable(),
  wal: z.coerce.number(),
  locks: z.array(LockHeld.extend({ kind: z.string() })),
  net: z.record(z.string(), z.number()).describe('rows inserted less rows deleted, by table'),
});
export type Look = Readonly<z.infer<typeof Look>>;

const LOOK = `
select pg_catalog.pg_current_xact_id_if_assigned()::text as xid,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text as wal,
       coalesce((select pg_catalog.jsonb_agg(distinct pg_catalog.jsonb_build_object(
                          'relation', pg_catalog.format('%I.%I', n.nspname, c.relname), 'mode', l.mode, 'kind', c.relkind::text))
          from pg_catalog.pg_locks l
          join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) l.relation
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
         where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'relation'
           and l.granted and l.mode operator(pg_catalog.<>) 'AccessShareLock'
           and n.nspname operator(pg_catalog.<>) all ('{pg_catalog,pg_toast,information_schema,one_roof}'::pg_catalog.name[])),
       '[]') as locks,
       coalesce((select pg_catalog.jsonb_object_agg(pg_catalog.format('%I.%I', s.schemaname, s.relname),
                          s.n_tup_ins operator(pg_catalog.-) s.n_tup_del)
          from pg_catalog.pg_stat_xact_user_tables s
         where s.schemaname operator(pg_catalog.<>) 'one_roof' and (s.n_tup_ins operator(pg_catalog.>) 0 or s.n_tup_del operator(pg_catalog.>) 0)),
       '{}') as net`;

/** Asks the server, within the transaction. */
export async function look(session: Session): Promise<Look> {
  return Look.parse((await session.query(LOOK)).rows[0]);
}

/** Tables that may have been written: the lock that it takes is kept to the end. */
export function writtenTables({ locks }: Look): readonly string[] {
  const written = locks.filter(({ mode, kind }) => WRITING.includes(mode) && TABLES.includes(kind));
  return [...new Set(written.map(({ relation }) => relation))];
}

/** What came and went between two looks. The server's counters are those of the session: only differences count. FACTS.md */
export function netBetween(before: Look, after: Look): Record<string, number> {
  const changes = Object.entries(after.net).map(
    ([table, rows]) => [table, rows - (before.net[table] ?? 0)] as const,
  );
  return Object.fromEntries(changes.filter(([, rows]) => rows !== 0));
}
