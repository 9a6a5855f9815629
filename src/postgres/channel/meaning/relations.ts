import { isPermittedCatalog, permittedColumns } from '../../../read-channel/catalogs';
import { pinned } from './pinned';
import { isListedFunction } from './rule';
import type { Found, Rule } from './rule';

/**
 * `relation`: what the statement's relations are, by the search path. `walked`: those that the server reads with them, partitions and
 * children, and the relations of views and of row security; `via`: the one that led there. `tree`: expressions that run with them: views,
 * row security. `field`: what reads as a field and is not certainly a column.
 */
export const RELATIONS_GROUND = pinned`
relation as materialized (
  select r.location, r.alias, c.oid, c.relkind, c.reltype, c.relname, c.nspname,
         (select pg_catalog.count(*) from pg_catalog.jsonb_to_recordset(a.names -> 'relations') o(alias pg_catalog.text) where o.alias = r.alias)
         + (select pg_catalog.count(*) from pg_catalog.jsonb_array_elements_text(a.names -> 'otherAliases') o(alias) where o.alias = r.alias) as bearers
    from asked a, pg_catalog.jsonb_to_recordset(a.names -> 'relations') r(schema pg_catalog.text, name pg_catalog.text, location pg_catalog.int4, alias pg_catalog.text),
         lateral (select c.oid, c.relkind, c.reltype, c.relname, n.nspname
                    from pg_catalog.pg_class c
                    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                    left join path on path.oid = n.oid
                   where c.relname = r.name::pg_catalog.name
                     and (n.nspname = r.schema::pg_catalog.name or (r.schema is null and path.oid is not null))
                   order by path.place limit 1) c),
field as materialized (
  select g.name, g.location, g.of
    from asked a, pg_catalog.jsonb_to_recordset(a.names -> 'fields') g(name pg_catalog.text, location pg_catalog.int4, of pg_catalog.text)
   where not exists (
           select from relation r
             join pg_catalog.pg_attribute c on c.attrelid = r.oid and c.attname = g.name::pg_catalog.name and not c.attisdropped
            where r.alias = g.of and r.bearers = 1)),
walked as materialized (
  with recursive walked(location, oid, via) as (
    select r.location, r.oid, r.oid from relation r where r.nspname <> 'information_schema'
    union
    select w.location, next.oid, w.oid
      from walked w,
           lateral (
             select i.inhrelid as oid from pg_catalog.pg_inherits i where i.inhparent = w.oid
             union all
             select named.relid[1]::pg_catalog.oid
               from pg_catalog.pg_class c
               join pg_catalog.pg_rewrite r on r.ev_class = c.oid and r.ev_type = '1',
                    lateral pg_catalog.regexp_matches(r.ev_action::pg_catalog.text, ':relid ([0-9]+)', 'g') named(relid)
              where c.oid = w.oid and c.relkind = 'v' and c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
             union all
             select named.relid[1]::pg_catalog.oid
               from pg_catalog.pg_class c
               join pg_catalog.pg_policy p on p.polrelid = c.oid and p.polcmd = any ('{r,*}'::"char"[]),
                    lateral pg_catalog.regexp_matches(p.polqual::pg_catalog.text, ':relid ([0-9]+)', 'g') named(relid)
              where c.oid = w.oid and c.relrowsecurity) next
     where next.oid <> w.oid)
  select distinct w.location, w.oid, w.via, c.relkind, c.reltype, c.relrowsecurity, c.relname, n.nspname, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
    from walked w
    join pg_catalog.pg_class c on c.oid = w.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace),
relation_tree as materialized (
  select w.location, pg_catalog.concat('view ', w.name) as label, r.ev_action::pg_catalog.text as tree
    from walked w
    join pg_catalog.pg_rewrite r on r.ev_class = w.oid and r.ev_type = '1'
   where w.relkind = 'v' and w.nspname <> all ('{pg_catalog,information_schema}'::pg_catalog.name[])
  union all
  select w.location, pg_catalog.concat('row security of ', w.name), p.polqual::pg_catalog.text
    from walked w
    join pg_catalog.pg_policy p on p.polrelid = w.oid and p.polcmd = any ('{r,*}'::"char"[])
   where w.relrowsecurity and p.polqual is not null)`;

/** Tables, views, materialized views and sequences are data; a foreign table asks another server. */
export const RELATIONS: Rule = {
  name: 'relation',
  about: ['relations'],
  permits: isListedFunction,
  sql: {
    bare: pinned`
select 'relation', w.location, w.name, case when w.via <> w.oid then w.via::pg_catalog.regclass::pg_catalog.text end, null
  from walked w where w.relkind <> all ('{r,p,v,m,S}'::"char"[])`,
  },
  words: ({ subject, detail }) => ({
    construct: `relation ${subject}`,
    reason: `it is no table, view or sequence of this database${through(detail)}`,
  }),
};

/** Catalogs that hold secrets, and what belongs to the server or to One-Roof; through views too. */
export const CATALOGS: Rule = {
  name: 'catalog',
  about: ['relations'],
  permits: isListedCatalog,
  sql: {
    bare: pinned`
select 'catalog', w.location, w.name, case when w.via <> w.oid then w.via::pg_catalog.regclass::pg_catalog.text end,
       case when w.nspname = 'pg_catalog' then w.relname::pg_catalog.text end
  from walked w
 where w.nspname::pg_catalog.text operator(pg_catalog.~) '^pg_' or w.nspname = 'one_roof'`,
  },
  words: ({ subject, detail }) => ({
    construct: `relation ${subject}`,
    reason: `it is not among the catalogs that a read may name${through(detail)}`,
  }),
};

/** What views, row security and the checks of domains call. */
export const TREES: Rule = {
  name: 'tree',
  about: ['relations', 'types', 'functions', 'fields'],
  permits: isListedFunction,
  sql: {
    code: pinned`
select distinct 'tree', t.location, t.label, null, null, code.id[1]::pg_catalog.oid
  from (select * from relation_tree union all select * from domain_tree) t,
       lateral pg_catalog.regexp_matches(t.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') code(id)`,
  },
  words: ({ subject, code }) => ({
    construct: subject,
    reason: `it calls ${code}, which a read may not call`,
    instead:
      'relations and types that do without it; or open it in the target’s readChannel, where it only reads',
  }),
};

/** A catalog of which only some columns may be read is read by its own name, where the tree shows which. */
function isListedCatalog({ builtin, detail }: Found): boolean {
  if (builtin === null || !isPermittedCatalog(builtin)) return false;
  return detail === '' || permittedColumns('pg_catalog', builtin) === undefined;
}

function through(via: string): string {
  return via === '' ? '' : `; ${via} reads it`;
}
