import { definition, flag, grants, isNoMember, options } from './describe';
import type { CatalogQuery } from './describe';

const wrappers: CatalogQuery = `
  select 'foreign data wrapper' as kind, quote_ident(w.fdwname) as name,
    ${definition(
      {
        owner: 'w.fdwowner::regrole',
        handler: 'nullif(w.fdwhandler, 0)::regprocedure',
        validator: 'nullif(w.fdwvalidator, 0)::regprocedure',
        options: options('w.fdwoptions'),
      },
      [grants({ acl: 'w.fdwacl', letter: 'F', owner: 'w.fdwowner' })],
    )}
  from pg_foreign_data_wrapper w
  where ${isNoMember('pg_foreign_data_wrapper', 'w.oid')}`;

const servers: CatalogQuery = `
  select 'foreign server' as kind, quote_ident(s.srvname) as name,
    ${definition(
      {
        owner: 's.srvowner::regrole',
        wrapper: '(select fdwname from pg_foreign_data_wrapper where oid = s.srvfdw)',
        type: 's.srvtype',
        version: 's.srvversion',
        options: options('s.srvoptions'),
      },
      [grants({ acl: 's.srvacl', letter: 'S', owner: 's.srvowner' })],
    )}
  from pg_foreign_server s
  where ${isNoMember('pg_foreign_server', 's.oid')}`;

/** Through the view, which hides the options from who may not see them; secrets show only that they changed. */
const userMappings: CatalogQuery = `
  select 'user mapping' as kind, format('%I on %I', m.usename, m.srvname) as name,
    ${definition({ options: options('m.umoptions') })}
  from pg_user_mappings m`;

/** By name alone: a subscription's connection is a secret, and a clone never subscribes. */
const subscriptions: CatalogQuery = `
  select 'subscription' as kind, quote_ident(s.subname) as name, '' as definition
  from pg_subscription s
  where s.subdbid = (select oid from pg_database where datname = current_database())`;

/** Row filters, column lists and whole schemas are known from 15 on; `to_jsonb` reads what later versions added. */
function publications(version: number): CatalogQuery {
  const isRich = version >= 150000;
  const parts = isRich
    ? `|| coalesce((
          select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attname) || ')'
          from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)), '')
       || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '')`
    : '';
  const schemas = isRich
    ? `(select string_agg(s.pnnspid::regnamespace::text, ', ' order by s.pnnspid::regnamespace::text)
        from pg_publication_namespace s where s.pnpubid = p.oid)`
    : 'null';
  return `
  select 'publication' as kind, quote_ident(p.pubname) as name,
    ${definition({
      owner: 'p.pubowner::regrole',
      'all tables': flag('p.puballtables'),
      operations: `concat_ws(', ', ${flag('p.pubinsert', 'insert')}, ${flag('p.pubupdate', 'update')},
        ${flag('p.pubdelete', 'delete')}, ${flag('p.pubtruncate', 'truncate')})`,
      'via root': flag('p.pubviaroot'),
      'generated columns': `to_jsonb(p) ->> 'pubgencols'`,
      tables: `(
        select string_agg(r.prrelid::regclass ${parts}, E'\\n' order by r.prrelid::regclass::text)
        from pg_publication_rel r where r.prpubid = p.oid)`,
      schemas,
    })}
  from pg_publication p
  where ${isNoMember('pg_publication', 'p.oid')}`;
}

/** What reaches out of the database, or lets it be read from outside. */
export function outwardQueries(version: number): readonly CatalogQuery[] {
  return [wrappers, servers, userMappings, subscriptions, publications(version)];
}
