import { pinned } from './pinned';

/** Extensions whose operators, casts and types only compute: C that reads its arguments and nothing else. */
export const TRUSTED_EXTENSIONS = [
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'earthdistance',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'ltree',
  'pg_trgm',
  'postgis',
  'seg',
  'unaccent',
  'uuid-ossp',
  'vector',
] as const;

/**
 * Is an object a member of one of them, and made by its script? What belongs to a superuser only: the owner of an extension may add
 * functions of their own to it.
 */
function isTrusted(catalog: string, object: string, owner: string): string {
  return pinned`exists (
    select from pg_catalog.pg_depend d
      join pg_catalog.pg_extension e on e.oid = d.refobjid
      join pg_catalog.pg_roles r on r.oid = ${owner} and r.rolsuper
     where d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass and d.objid = ${object}
       and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
       and e.extname::pg_catalog.text = any (a.trusted))`;
}

/**
 * What every rule stands on. `asked`: the names of the statement. `path`: the schemas in which the server looks for what is not
 * qualified, pg_catalog among them, and where each comes. `foreign_function`: code that a read must not reach; a function of pg_catalog
 * is none of it, but it may be one that no read calls: `builtin` is its name, for the list to judge, unless it stands behind an
 * operator or a cast of PostgreSQL's own.
 */
export const GROUND = pinned`
asked as materialized (
  select $1::pg_catalog.jsonb as names, $2::pg_catalog.text[] as opened, $3::pg_catalog.text[] as trusted),
path as materialized (
  select n.oid, n.nspname, s.place
    from pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality s(name, place)
    join pg_catalog.pg_namespace n on n.nspname = s.name),
reachable_code as not materialized (
  select p.oid, p.proname, p.pronamespace, p.pronargs, p.pronargdefaults, p.provariadic, p.proargtypes, n.nspname,
         pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)) as signature,
         case when n.nspname = 'pg_catalog' then p.proname::pg_catalog.text end as builtin
    from asked a, pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
   where n.nspname <> 'information_schema'
     and case when n.nspname = 'pg_catalog' then
           not (p.oid = any (select o.oprcode::pg_catalog.oid from pg_catalog.pg_operator o
                              where o.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace))
           and not (p.oid = any (select k.castfunc from pg_catalog.pg_cast k where k.oid <= 16383::pg_catalog.oid))
         else
           pg_catalog.concat(n.nspname, '.', p.proname) <> all (a.opened)
           and not (p.prolang = any (select l.oid from pg_catalog.pg_language l where l.lanname = any ('{c,internal,sql}'::pg_catalog.name[]))
                    and ${isTrusted('pg_proc', 'p.oid', 'p.proowner')})
         end),
foreign_function as not materialized (
  select r.* from reachable_code r where r.builtin is null),
permitted_type as not materialized (
  select t.oid from asked a, pg_catalog.pg_type t
    join pg_catalog.pg_namespace n on n.oid = t.typnamespace
   where t.typtype = 'e' or (t.typtype = any ('{b,r,m,p}'::"char"[]) and (n.nspname = 'pg_catalog' or ${isTrusted('pg_type', 't.oid', 't.typowner')})))`;
