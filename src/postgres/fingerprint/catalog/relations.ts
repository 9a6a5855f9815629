import { definition, flag, grants, isNoMember, isUserSchema, options } from './describe';
import type { CatalogQuery } from './describe';

const HAS_ROWS = `c.relkind in ('r', 'p', 'm', 'f')`;

/** Tables, views, materialized views, foreign tables, with what stands on the relation itself. */
const relations: CatalogQuery = `
  select
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
      else 'table' end as kind,
    format('%I.%I', n.nspname, c.relname) as name,
    ${definition(
      {
        owner: 'c.relowner::regrole',
        persistence: flag(`c.relpersistence = 'u'`, 'unlogged'),
        'access method': '(select amname from pg_am where oid = c.relam)',
        tablespace: '(select spcname from pg_tablespace where oid = c.reltablespace)',
        options: options('c.reloptions'),
        'toast options': options('(select reloptions from pg_class where oid = c.reltoastrelid)'),
        'row security': `case when c.relforcerowsecurity and c.relrowsecurity then 'enabled and forced'
          when c.relrowsecurity then 'enabled' when c.relforcerowsecurity then 'forced' end`,
        'replica identity': `case when c.relkind in ('r', 'p', 'm') then
          case c.relreplident when 'f' then 'full' when 'n' then 'nothing' when 'i' then 'index' end end`,
        'of type': 'nullif(c.reloftype, 0)::regtype',
        inherits: `(
          select string_agg(i.inhparent::regclass || case when i.inhdetachpending then ' (detaching)' else '' end,
            ', ' order by i.inhseqno)
          from pg_inherits i where i.inhrelid = c.oid)`,
        'partition key': flagged('p', 'pg_get_partkeydef(c.oid)'),
        'partition bound': 'pg_get_expr(c.relpartbound, c.oid)',
        server: '(select s.srvname from pg_foreign_server s where s.oid = f.ftserver)',
        'foreign options': options('f.ftoptions'),
        populated: flag('not c.relispopulated', 'no'),
        query: `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
      },
      [grants({ acl: 'c.relacl', letter: 'r', owner: 'c.relowner' })],
    )}
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_foreign_table f on f.ftrelid = c.oid
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}`;

/** Columns of relations and attributes of composite types; where they stand is told by `column order`. */
const columns: CatalogQuery = `
  select
    case c.relkind when 'c' then 'attribute' else 'column' end as kind,
    format('%I.%I.%I', n.nspname, c.relname, a.attname) as name,
    ${definition(
      {
        type: 'format_type(a.atttypid, a.atttypmod)',
        nulls: flag('a.attnotnull', 'refused'),
        default: `case a.attgenerated when '' then pg_get_expr(d.adbin, d.adrelid) end`,
        generated: `case a.attgenerated when 's' then 'stored ' when 'v' then 'virtual ' end
          || pg_get_expr(d.adbin, d.adrelid)`,
        identity: `case a.attidentity when 'a' then 'always' when 'd' then 'by default' end`,
        collation: 'case when a.attcollation <> t.typcollation then a.attcollation::regcollation end',
        storage: `case when a.attstorage <> t.typstorage and ${HAS_ROWS} then
          case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end`,
        compression: `case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end`,
        'statistics target': 'nullif(a.attstattarget, -1)',
        options: options('a.attoptions'),
        'foreign options': options('a.attfdwoptions'),
        inherited: `case when a.attinhcount > 0 then
          a.attinhcount || case when a.attislocal then ' and local' else '' end end`,
      },
      [grants({ acl: 'a.attacl', letter: 'c', owner: 'c.relowner' })],
    )}
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
    and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}
    and (c.relkind <> 'c' or ${isNoMember('pg_type', 'c.reltype')})`;

/** The live columns in their order, apart from what they are: a column that was dropped and added again stands last. */
const columnOrder: CatalogQuery = `
  select 'column order' as kind, format('%I.%I', n.nspname, c.relname) as name,
    string_agg(quote_ident(a.attname), E'\\n' order by a.attnum) as definition
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'c')
    and ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}
    and (c.relkind <> 'c' or ${isNoMember('pg_type', 'c.reltype')})
  group by n.nspname, c.relname`;

/** What sequences are made of; their positions stand apart. */
const sequences: CatalogQuery = `
  select 'sequence' as kind, format('%I.%I', n.nspname, c.relname) as name,
    ${definition(
      {
        owner: 'c.relowner::regrole',
        persistence: flag(`c.relpersistence = 'u'`, 'unlogged'),
        type: 'format_type(s.seqtypid, null)',
        start: 's.seqstart',
        increment: 's.seqincrement',
        minimum: 's.seqmin',
        maximum: 's.seqmax',
        cache: 's.seqcache',
        cycle: flag('s.seqcycle'),
        'owned by': `(
          select format('%s.%I', d.refobjid::regclass, a.attname)
          from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
            and d.deptype in ('a', 'i'))`,
      },
      [grants({ acl: 'c.relacl', letter: 's', owner: 'c.relowner' })],
    )}
  from pg_sequence s
  join pg_class c on c.oid = s.seqrelid
  join pg_namespace n on n.oid = c.relnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_class', 'c.oid')}`;

function flagged(relkind: string, value: string): string {
  return `case c.relkind when '${relkind}' then ${value} end`;
}

export const relationQueries = [relations, columns, columnOrder, sequences] as const;
