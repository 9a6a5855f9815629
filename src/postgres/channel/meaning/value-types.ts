import { IS_PERMITTED_TYPE } from './ground';
import { pinned } from './pinned';
import { isListedFunction } from './rule';
import type { Rule } from './rule';

/**
 * `named_type`: the types that the statement names. Names of functions and fields are among them, for `t(x)` and `(x).t` make a value of
 * type `t` where there is no such function, unless it is a row's. `reached_type`: all that they, the relations' rows and their columns
 * consist of, and arrays of these. `domain_tree`: the checks
 * of domains, which run where a literal becomes one: `select d from t union select 'x'`.
 */
export const TYPES_GROUND = pinned`
named_type as materialized (
  select n.location, n.name, n.written or t.typtype <> 'c' as made, t.oid
    from (select t.schema, t.name, t.location, true as written from asked a,
                 pg_catalog.jsonb_to_recordset(a.names -> 'types') t(schema pg_catalog.text, name pg_catalog.text, location pg_catalog.int4)
          union all
          select f.schema, f.name, f.location, false from asked a,
                 pg_catalog.jsonb_to_recordset(a.names -> 'functions') f(schema pg_catalog.text, name pg_catalog.text, location pg_catalog.int4)
          union all
          select null, f.name, f.location, false from field f) n,
         lateral (select case when t.typcategory = 'A' and t.typtype = 'b' and t.typelem <> 0::pg_catalog.oid then t.typelem else t.oid end as oid, t.typtype
                    from pg_catalog.pg_type t
                    join pg_catalog.pg_namespace s on s.oid = t.typnamespace
                    left join path on path.oid = s.oid
                   where t.typname = n.name::pg_catalog.name
                     and (s.nspname = n.schema::pg_catalog.name or (n.schema is null and path.oid is not null))
                   order by path.place limit 1) t),
reached_type as materialized (
  with recursive reached(location, oid) as (
    select first.location, first.oid
      from (select n.location, n.oid from named_type n where n.made
            union all
            select w.location, c.atttypid from walked w,
                   lateral (select c.atttypid from pg_catalog.pg_attribute c
                             where c.attrelid = w.oid and c.attnum >= 1 and not c.attisdropped offset 0) c
             where w.nspname <> all ('{pg_catalog,information_schema}'::pg_catalog.name[])
            union all
            select w.location, w.reltype from walked w where w.reltype >= 16384::pg_catalog.oid
            union all
            select r.location, made.type[1]::pg_catalog.oid from relation_tree r,
                   lateral pg_catalog.regexp_matches(r.tree, ':resulttype ([0-9]+)', 'g') made(type)) first
    union
    select r.location, next.oid
      from reached r
      join pg_catalog.pg_type t on t.oid = r.oid and t.oid >= 16384::pg_catalog.oid,
           lateral (
             select t.typelem as oid union all select t.typarray union all select t.typbasetype
             union all
             select c.atttypid from pg_catalog.pg_attribute c where c.attrelid = t.typrelid and c.attnum >= 1 and not c.attisdropped
             union all
             select g.rngsubtype from pg_catalog.pg_range g where g.rngtypid = t.oid or g.rngmultitypid = t.oid
             union all
             select made.type[1]::pg_catalog.oid from pg_catalog.pg_constraint k,
                    lateral pg_catalog.regexp_matches(k.conbin::pg_catalog.text, ':resulttype ([0-9]+)', 'g') made(type)
              where k.contypid = t.oid and k.contype = 'c') next
     where next.oid <> 0::pg_catalog.oid)
  select * from reached),
domain_tree as materialized (
  select r.location, pg_catalog.concat('domain ', pg_catalog.format_type(r.oid, null)) as label, k.conbin::pg_catalog.text as tree
    from reached_type r
    join pg_catalog.pg_constraint k on k.contypid = r.oid and k.contype = 'c'
   where k.connamespace <> 'information_schema'::pg_catalog.regnamespace)`;

/** Types that are named: only those whose values come about without anybody's code. */
export const TYPES: Rule = {
  name: 'type',
  about: ['types', 'functions', 'fields'],
  permits: () => false,
  sql: {
    bare: pinned`
select 'type', w.location, pg_catalog.format_type(t.oid, null), pg_catalog.format_type(case when t.typtype = 'd' then t.typbasetype end, t.typtypmod), null
  from named_type w, asked a, pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
 where t.oid = w.oid and w.made and not ${IS_PERMITTED_TYPE}`,
  },
  words: ({ subject, detail }) => ({
    construct: `type ${subject}`,
    reason: 'a value of it may be made by functions of this database',
    instead: detail === '' ? 'types of PostgreSQL’s own, and enums' : `a cast to ${detail}`,
  }),
};

/**
 * Casts between types that are there: implicit ones act unseen, and what makes JSON of a user's type looks for any cast to it. Between two
 * types of pg_catalog an explicit cast acts only where its target is named.
 */
export const CASTS: Rule = {
  name: 'cast',
  about: ['functions', 'operators', 'types', 'relations', 'fields'],
  permits: ({ builtin }) => builtin !== null,
  sql: {
    code: pinned`
select 'cast', coalesce((select pg_catalog.min(r.location) from reached_type r where r.oid = k.castsource or r.oid = k.casttarget), 0),
       pg_catalog.format('cast (%s as %s)', pg_catalog.format_type(k.castsource, null), pg_catalog.format_type(k.casttarget, null)), null, null, k.castfunc
  from pg_catalog.pg_cast k
 where k.oid >= 16384::pg_catalog.oid
   and (k.castsource <= 16383::pg_catalog.oid or exists (select from reached_type r where r.oid = k.castsource))
   and (k.casttarget <= 16383::pg_catalog.oid or exists (select from reached_type r where r.oid = k.casttarget))
   and (k.castcontext = 'i' or k.castsource >= 16384::pg_catalog.oid or k.casttarget >= 16384::pg_catalog.oid
        or exists (select from named_type n where n.oid = k.casttarget))`,
  },
  words: ({ subject, code }) => ({
    construct: subject,
    reason: `it calls ${code}, and its types are among those of the statement`,
  }),
};

/** Ranges of this database: the planner measures them with their own function of difference. */
export const RANGES: Rule = {
  name: 'range',
  about: ['relations', 'types'],
  permits: isListedFunction,
  sql: {
    code: pinned`
select 'range', r.location, pg_catalog.format_type(r.oid, null), null, null, functions.oid
  from reached_type r
  join pg_catalog.pg_range g on g.rngtypid = r.oid or g.rngmultitypid = r.oid,
       lateral (values (g.rngsubdiff::pg_catalog.oid), (g.rngcanonical::pg_catalog.oid)) functions(oid)
 where r.oid >= 16384::pg_catalog.oid`,
  },
  words: ({ subject, code }) => ({
    construct: `type ${subject}`,
    reason: `its ranges are measured by ${code}`,
  }),
};

/**
 * Operator classes of this database: sorting, grouping, `distinct` and the comparison of arrays and rows look up the default one of a
 * type, in whatever schema, and call its functions. One for a type of pg_catalog acts on values that no name tells of. Those of
 * partitions and indexes act by name, while the server plans.
 */
export const ORDERS: Rule = {
  name: 'order',
  about: ['functions', 'operators', 'types', 'relations', 'fields'],
  permits: ({ builtin }) => builtin !== null,
  sql: {
    code: pinned`
select 'order', coalesce((select pg_catalog.min(r.location) from reached_type r where r.oid = k.opcintype), 0),
       pg_catalog.format_type(k.opcintype, null), null, null, functions.oid
  from pg_catalog.pg_opclass k,
       lateral (select p.amproc::pg_catalog.oid as oid from pg_catalog.pg_amproc p where p.amprocfamily = k.opcfamily
                union all
                select o.oprcode::pg_catalog.oid from pg_catalog.pg_amop a join pg_catalog.pg_operator o on o.oid = a.amopopr
                 where a.amopfamily = k.opcfamily) functions
 where k.oid >= 16384::pg_catalog.oid
   and (exists (select from walked w join pg_catalog.pg_partitioned_table t on t.partrelid = w.oid
                 where k.oid = any (t.partclass::pg_catalog.oid[]))
        or exists (select from walked w join pg_catalog.pg_index i on i.indrelid = w.oid where k.oid = any (i.indclass::pg_catalog.oid[]))
        or (k.opcdefault and (k.opcintype <= 16383::pg_catalog.oid or exists (select from reached_type r where r.oid = k.opcintype))))`,
  },
  words: ({ subject, code }) => ({
    construct: `type ${subject}`,
    reason: `its values are put in order by ${code}`,
  }),
};
