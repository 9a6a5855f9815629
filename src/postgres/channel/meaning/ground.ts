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
 * qualified, pg_catalog among them, and where each comes.
 */
export const GROUND = pinned`
asked as materialized (
  select $1::pg_catalog.jsonb as names, $2::pg_catalog.text[] as opened, $3::pg_catalog.text[] as trusted),
path as materialized (
  select n.oid, n.nspname, s.place
    from pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality s(name, place)
    join pg_catalog.pg_namespace n on n.nspname = s.name)`;

/**
 * Is a function one that a read must not reach? One of pg_catalog is none, but it may be one that no read calls: then its name goes to the
 * list, unless it stands behind an operator or a cast of PostgreSQL's own. `p`, `n`: the function and its schema.
 */
export const IS_IN_THE_WAY = pinned`
  n.nspname <> 'information_schema'
  and case when n.nspname = 'pg_catalog' then
        not exists (select from pg_catalog.pg_operator o
                     where o.oprcode::pg_catalog.oid = p.oid and o.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace)
        and not exists (select from pg_catalog.pg_cast k where k.castfunc = p.oid and k.oid <= 16383::pg_catalog.oid)
      else
        pg_catalog.concat(n.nspname, '.', p.proname) <> all (a.opened)
        and not (exists (select from pg_catalog.pg_language l where l.oid = p.prolang and l.lanname = any ('{c,internal,sql}'::pg_catalog.name[]))
                 and ${isTrusted('pg_proc', 'p.oid', 'p.proowner')})
      end`;

/** A type whose values come about without anybody's code. `t`, `n`: the type and its schema. */
export const IS_PERMITTED_TYPE = pinned`
  (t.typtype = 'e' or (t.typtype = any ('{b,r,m,p}'::"char"[]) and (n.nspname = 'pg_catalog' or ${isTrusted('pg_type', 't.oid', 't.typowner')})))`;
