import { definition, flag, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

/** Constraints of tables and domains. Their internal triggers tell whether they are enforced (`disable trigger all`). */
const constraints: CatalogQuery = `
  select 'constraint' as kind, format('%I.%I.%I', n.nspname, coalesce(c.relname, t.typname), k.conname) as name,
    ${definition({
      definition: 'pg_get_constraintdef(k.oid)',
      inherited: `case when k.coninhcount > 0 then
        k.coninhcount || case when k.conislocal then ' and local' else '' end end`,
      fires: `(
        select nullif(string_agg(distinct g.tgenabled::text, '' order by g.tgenabled::text), 'O')
        from pg_trigger g where g.tgconstraint = k.oid and g.tgisinternal)`,
    })}
  from pg_constraint k
  join pg_namespace n on n.oid = k.connamespace
  left join pg_class c on c.oid = k.conrelid
  left join pg_type t on t.oid = k.contypid
  where k.contype <> 't' and (k.conrelid <> 0 or k.contypid <> 0) and ${isUserSchema('n')}
    and ${isNoMember('pg_constraint', 'k.oid')}
    and ${isNoMember('pg_class', 'k.conrelid')} and ${isNoMember('pg_type', 'k.contypid')}`;

/** Indexes, their own names left out of their definitions, so that a generated name is told from another index. */
const indexes: CatalogQuery = `
  select 'index' as kind, format('%I.%I.%I', n.nspname, c.relname, x.relname) as name,
    ${definition({
      definition: nameless('i.indexrelid', 'x.relname'),
      tablespace: '(select spcname from pg_tablespace where oid = x.reltablespace)',
      'attached to': `(
        select ${nameless('p.oid', 'p.relname')}
        from pg_inherits h join pg_class p on p.oid = h.inhparent where h.inhrelid = x.oid)`,
      valid: flag('not i.indisvalid', 'no'),
      ready: flag('not i.indisready', 'no'),
      clustered: flag('i.indisclustered'),
      'replica identity': flag('i.indisreplident'),
      'statistics targets': `(
        select string_agg(a.attnum || '=' || a.attstattarget, ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = x.oid and a.attstattarget >= 0)`,
    })}
  from pg_index i
  join pg_class x on x.oid = i.indexrelid
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')} and ${isNoMember('pg_class', 'x.oid')}`;

/** Extended statistics; their columns by name, for PostgreSQL keeps them in the order of the table. */
const statistics: CatalogQuery = `
  select 'statistics' as kind, format('%I.%I', n.nspname, s.stxname) as name,
    ${definition({
      owner: 's.stxowner::regrole',
      table: 's.stxrelid::regclass',
      kinds: `(select string_agg(k::text, ', ' order by k::text) from unnest(s.stxkind) k)`,
      columns: `(
        select string_agg(quote_ident(a.attname), ', ' order by a.attname)
        from pg_attribute a where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys))`,
      expressions: `array_to_string(pg_get_statisticsobjdef_expressions(s.oid), ', ')`,
      target: 'nullif(s.stxstattarget, -1)',
    })}
  from pg_statistic_ext s
  join pg_namespace n on n.oid = s.stxnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_statistic_ext', 's.oid')}`;

function nameless(oid: string, name: string): string {
  return `replace(pg_get_indexdef(${oid}), format('INDEX %I ON ', ${name}), 'INDEX ON ')`;
}

export const keyQueries = [constraints, indexes, statistics] as const;
