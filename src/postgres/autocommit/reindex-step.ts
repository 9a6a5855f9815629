import type { Step } from '../../core/schema/step';
import type { Convergence } from './convergence';
import { INVALID_INDEX, dropInvalid, invalidIndexOf } from './invalid-index';
import { quoted } from './object-name';

type Reindex = Extract<Step, { kind: 'reindex' }>;

/** The tables whose indexes a step rebuilds. $1: what it names. */
const TABLES: Readonly<Record<Reindex['of'], string>> = {
  index: `select i.indrelid as oid from pg_catalog.pg_index i
           where i.indexrelid = pg_catalog.to_regclass($1)
              or i.indexrelid in (select relid from pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)))`,
  table: `select pg_catalog.to_regclass($1)::oid as oid
          union select relid::oid from pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1))`,
  schema: `select c.oid from pg_catalog.pg_class c
            where c.relkind in ('r', 'm') and c.relnamespace = pg_catalog.to_regnamespace($1)`,
};

/**
 * A killed REINDEX CONCURRENTLY leaves `…_ccnew` or `…_ccold`: invalid, written by every insert, and never used. PostgreSQL
 * itself would rebuild none of them. Only after an attempt of ours was cut off: what others left is theirs.
 */
export function reindex({ of, object }: Reindex): Convergence {
  return {
    waitsForTransactions: true,
    unexpected: undefined,
    probe: () => Promise.resolve('not known'),
    mend: async (session, { wasCutOff }) => {
      if (!wasCutOff) return 'run';
      const leftovers = await session.query(leftoversOf(TABLES[of]), [quoted(object)]);
      for (const row of leftovers.rows) await dropInvalid(session, invalidIndexOf(row));
      return 'run';
    },
  };
}

/** Names are cut at 63 bytes before the suffix: the stem is where an index of the same table begins. */
function leftoversOf(tables: string): string {
  return `
with named as (${tables}),
     rebuilt as (select oid from named
                 union select c.reltoastrelid from pg_catalog.pg_class c join named using (oid) where c.reltoastrelid <> 0)
select ${INVALID_INDEX}
  from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
 where not i.indisvalid and i.indrelid in (select oid from rebuilt) and x.relname ~ '_cc(new|old)[0-9]*$'
   and pg_catalog.has_schema_privilege(x.relnamespace, 'usage')
   and exists (select from pg_catalog.pg_index o join pg_catalog.pg_class ox on ox.oid = o.indexrelid
                where o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid
                  and pg_catalog.starts_with(ox.relname::text, pg_catalog.regexp_replace(x.relname::text, '_cc(new|old)[0-9]*$', '')))`;
}
