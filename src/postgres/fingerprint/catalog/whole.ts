import { definition, grants, isNoMember, isNoMemberOf, isUserSchema, shown } from './describe';
import type { CatalogQuery } from './describe';

const schemas: CatalogQuery = `
  select 'schema' as kind, quote_ident(n.nspname) as name,
    ${definition({ owner: 'n.nspowner::regrole' }, [
      grants({ acl: 'n.nspacl', letter: 'n', owner: 'n.nspowner' }),
    ])}
  from pg_namespace n
  where ${isUserSchema('n')} and ${isNoMember('pg_namespace', 'n.oid')}`;

/** Without owners: a restored extension belongs to who restored it. */
const extensions: CatalogQuery = `
  select 'extension' as kind, quote_ident(x.extname) as name,
    ${definition({ version: 'x.extversion', schema: 'x.extnamespace::regnamespace' })}
  from pg_extension x`;

const defaultPrivileges: CatalogQuery = `
  select 'default privileges' as kind,
    format('of %s%s on %s', d.defaclrole::regrole, ' in ' || n.nspname,
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
        when 'T' then 'types' when 'n' then 'schemas' else d.defaclobjtype::text end) as name,
    coalesce(${grants({ acl: 'd.defaclacl', letter: 'r', owner: 'd.defaclrole' })}, '') as definition
  from pg_default_acl d
  left join pg_namespace n on n.oid = d.defaclnamespace
  where n.oid is null or ${isUserSchema('n')}`;

/** `alter database … set` and `alter role … in database … set`; what a role sets everywhere is no database's. */
const settings: CatalogQuery = `
  select 'setting' as kind,
    case s.setrole when 0 then '' else 'of ' || s.setrole::regrole || ' ' end || split_part(c, '=', 1) as name,
    ${shown('c')} as definition
  from pg_db_role_setting s, unnest(s.setconfig) c
  where s.setdatabase = (select oid from pg_database where datname = current_database())`;

/** On objects of a user's, and on the schema `public`. The database's own comment is One-Roof's marker. */
const comments: CatalogQuery = `
  select 'comment' as kind, format('%s %s', o.type, o.identity) as name, d.description as definition
  from pg_description d
  cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
  where (d.objoid >= 16384 or d.classoid in ('pg_namespace'::regclass, 'pg_largeobject'::regclass))
    and ${isCounted('d')}`;

const securityLabels: CatalogQuery = `
  select 'security label' as kind, format('%s of %s %s', d.provider, o.type, o.identity) as name,
    d.label as definition
  from pg_seclabel d
  cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
  where ${isCounted('d')}`;

/** Neither the system's, nor One-Roof's, nor an extension's. Constraints and their like name their table in their identity. */
function isCounted(note: string): string {
  return `coalesce(o.schema, '') !~ '^(one_roof|pg_.*|information_schema)$'
    and o.identity !~ '(^| on )one_roof([.]|$)'
    and not (o.type = 'schema' and o.identity ~ '^(pg_.*|information_schema)$')
    and ${isNoMemberOf(`${note}.classoid`, `${note}.objoid`)}`;
}

/** What belongs to the database as a whole, or to every kind of object. */
export const wholeQueries = [
  schemas,
  extensions,
  defaultPrivileges,
  settings,
  comments,
  securityLabels,
] as const;
