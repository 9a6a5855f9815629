import { z } from 'zod';
import type { Session } from './session';

const Relation = z.object({
  oid: z.string(),
  modes: z.array(z.string()).describe('of its locks, but for ACCESS SHARE'),
  relation: z.string().nullable().describe('null: the transaction has dropped it'),
  name: z.string().nullable(),
  kind: z.string().nullable(),
  file: z.string().nullable(),
  of: z.string().nullable().describe('an index: the table that it is of'),
  isEmpty: z.boolean(),
  size: z.number().nullable().describe('a table with its indexes and TOAST'),
  scans: z.number().describe('times that this transaction has read it from end to end'),
  read: z.number().describe('rows that it has read there'),
});
export type Relation = Readonly<z.infer<typeof Relation>>;

/** What the server says of the open transaction after a statement. */
const Observed = z.object({
  xid: z.string().nullable(),
  wal: z.coerce.number(),
  speaks: z.boolean().describe('the session is sent what the server says of its own work'),
  relations: z.array(Relation),
});
export type Observation = Readonly<z.infer<typeof Observed>>;

/** What a session is sent everything at: DEBUG1, where PostgreSQL tells of rewrites, index builds and validation scans. */
export const SPEAKING = 'debug1';

/** Relations that are only read are in it for their scans: a later statement must not be held to have made them. */
const OBSERVE = `
select pg_catalog.pg_current_xact_id_if_assigned()::text as xid,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text as wal,
       pg_catalog.current_setting('client_min_messages') operator(pg_catalog.=) '${SPEAKING}' as speaks,
       coalesce((select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('oid', l.relation::text, 'modes', l.modes,
                   'relation', case when c.oid is not null then pg_catalog.format('%I.%I', n.nspname, c.relname) end,
                   'name', c.relname, 'kind', c.relkind::text, 'file', c.relfilenode::text, 'of', i.indrelid::text,
                   'isEmpty', coalesce(pg_catalog.pg_relation_size(c.oid), 0) operator(pg_catalog.=) 0,
                   'size', case when c.relkind in ('r', 'm') and l.modes operator(pg_catalog.<>) '[]'
                           then pg_catalog.pg_total_relation_size(c.oid) end,
                   'scans', coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0),
                   'read', coalesce(pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), 0))
                   order by n.nspname, c.relname)
          from (select relation,
                       coalesce(pg_catalog.jsonb_agg(distinct mode)
                                filter (where mode operator(pg_catalog.<>) 'AccessShareLock'), '[]') as modes
                  from pg_catalog.pg_locks
                 where pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and granted
                   and locktype operator(pg_catalog.=) 'relation'
                 group by relation) l
          left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) l.relation
          left join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
          left join pg_catalog.pg_index i on i.indexrelid operator(pg_catalog.=) l.relation
         where (c.oid is null or n.nspname operator(pg_catalog.<>) all ('{pg_catalog,pg_toast,information_schema,one_roof}'::pg_catalog.name[]))
           and (l.modes operator(pg_catalog.<>) '[]' or pg_catalog.pg_stat_get_xact_numscans(c.oid) operator(pg_catalog.>) 0)),
       '[]') as relations`;

/** Asks the server, within the transaction. */
export async function observe(session: Session): Promise<Observation> {
  return Observed.parse((await session.query(OBSERVE)).rows[0]);
}

/** A relation that existed before the first statement, as it was when last seen. */
export interface Known {
  readonly relation: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly of: string | null;
  readonly isEmpty: boolean;
  readonly scans: number;
  readonly read: number;
}

/** What exists before the first statement; other sessions' temporary tables come and go without us. */
const KNOWN = `
select c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname) as relation, c.relname::text as name,
       c.relkind::text as kind, c.relfilenode::text as file, i.indrelid::text as of,
       coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)::int8 as scans,
       coalesce(pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), 0)::int8 as read
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_index i on i.indexrelid = c.oid
 where c.relkind not in ('c', 't') and n.nspname <> 'pg_toast' and c.relpersistence <> 't' and c.oid >= 16384`;

export async function readKnown(session: Session): Promise<Map<string, Known>> {
  const { rows } = await session.query(KNOWN);
  return new Map(
    rows.map((row) => [
      String(row['oid']),
      {
        relation: String(row['relation']),
        name: String(row['name']),
        kind: String(row['kind']),
        file: String(row['file']),
        of: typeof row['of'] === 'string' ? row['of'] : null,
        isEmpty: true,
        scans: Number(row['scans']),
        read: Number(row['read']),
      },
    ]),
  );
}
