import { definition, flag, grants, isNoMember, isUserSchema } from './describe';
import type { CatalogQuery } from './describe';

const granted = grants({ acl: 't.typacl', letter: 'T', owner: 't.typowner' });

/** Enums, domains, ranges, composites and base types; not the row types of tables, nor the arrays that come with a type. */
const types: CatalogQuery = `
  select case t.typtype when 'd' then 'domain' else 'type' end as kind,
    format('%I.%I', n.nspname, t.typname) as name,
    ${definition(
      {
        owner: 't.typowner::regrole',
        form: `case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range'
          when 'c' then 'composite' when 'b' then 'base' else 'shell' end`,
        labels: `(
          select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
          from pg_enum l where l.enumtypid = t.oid)`,
        base: 'format_type(nullif(t.typbasetype, 0), t.typtypmod)',
        nulls: flag('t.typnotnull', 'refused'),
        default: 'coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)',
        collation: `case when t.typtype = 'd' and t.typcollation <> b.typcollation
          then t.typcollation::regcollation end`,
        'range of': 'format_type(r.rngsubtype, null)',
        'operator class': `(
          select format('%I.%I', s.nspname, o.opcname)
          from pg_opclass o join pg_namespace s on s.oid = o.opcnamespace where o.oid = r.rngsubopc)`,
        'range collation': 'nullif(r.rngcollation, 0)::regcollation',
        canonical: `nullif(r.rngcanonical::oid, 0)::regproc`,
        difference: `nullif(r.rngsubdiff::oid, 0)::regproc`,
        multirange: 'nullif(r.rngmultitypid, 0)::regtype',
        made: `case when t.typtype = 'b' then concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend,
          t.typmodin, t.typmodout, t.typanalyze, t.typsubscript, t.typlen, t.typbyval, t.typalign, t.typstorage,
          t.typcategory, t.typispreferred, t.typdelim, nullif(t.typelem, 0)::regtype, t.typcollation <> 0) end`,
      },
      [granted],
    )}
  from pg_type t
  join pg_namespace n on n.oid = t.typnamespace
  left join pg_type b on b.oid = t.typbasetype
  left join pg_range r on r.rngtypid = t.oid
  where t.typtype in ('b', 'c', 'd', 'e', 'p', 'r') and ${isUserSchema('n')}
    and (t.typrelid = 0 or (select relkind from pg_class where oid = t.typrelid) = 'c')
    and not exists (select from pg_type a where a.typarray = t.oid)
    and ${isNoMember('pg_type', 't.oid')}`;

/** `to_jsonb` reads the columns that only some versions have: colllocale is called colliculocale before 17. */
const collations: CatalogQuery = `
  select 'collation' as kind, format('%I.%I', n.nspname, c.collname) as name,
    ${definition({
      owner: 'c.collowner::regrole',
      provider: 'c.collprovider',
      collate: 'c.collcollate',
      ctype: 'c.collctype',
      locale: `coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')`,
      rules: `to_jsonb(c) ->> 'collicurules'`,
      encoding: 'nullif(c.collencoding, -1)',
      deterministic: flag('not c.collisdeterministic', 'no'),
    })}
  from pg_collation c
  join pg_namespace n on n.oid = c.collnamespace
  where ${isUserSchema('n')} and ${isNoMember('pg_collation', 'c.oid')}`;

const casts: CatalogQuery = `
  select 'cast' as kind,
    format('%s as %s', format_type(c.castsource, null), format_type(c.casttarget, null)) as name,
    ${definition({
      function: 'nullif(c.castfunc, 0)::regprocedure',
      context: `case c.castcontext when 'a' then 'assignment' when 'i' then 'implicit' else 'explicit' end`,
      method: `case c.castmethod when 'i' then 'inout' when 'b' then 'binary' end`,
    })}
  from pg_cast c
  where c.oid >= 16384 and ${isNoMember('pg_cast', 'c.oid')}`;

export const typeQueries = [types, collations, casts] as const;
