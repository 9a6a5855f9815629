import { z } from 'zod';
import type { Session } from '../session';
import { quoteIdentifier, quoteLiteral } from '../one-roof-schema';

/** What `create database` and `pg_dump` leave out and a clone must still have: locale, owner, settings, grants. */
export const DatabaseShape = z.object({
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  icu: z.string().nullable(),
  owner: z.string(),
  settings: z.array(z.object({ role: z.string().nullable(), setting: z.string() })),
  grants: z.array(z.object({ grantee: z.string().nullable(), privilege: z.string() })).nullable(),
  bytes: z.number(),
});
export type DatabaseShape = Readonly<z.infer<typeof DatabaseShape>>;

/** Reads the shape of the connected database. ICU's locale has had three names: none (14), daticulocale (15, 16), datlocale (17). */
export async function readShape(session: Session): Promise<DatabaseShape> {
  const answer = await session.query(
    `select pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate, d.datctype as ctype,
            case when pg_catalog.to_jsonb(d) ->> 'datlocprovider' = 'i'
                 then coalesce(pg_catalog.to_jsonb(d) ->> 'daticulocale', pg_catalog.to_jsonb(d) ->> 'datlocale') end as icu,
            pg_catalog.pg_get_userbyid(d.datdba) as owner, pg_catalog.pg_database_size(d.oid)::float8 as bytes,
            coalesce((select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('role', r.rolname, 'setting', s.setting) order by r.rolname, s.setting)
               from pg_catalog.pg_db_role_setting c cross join pg_catalog.unnest(c.setconfig) s(setting)
               left join pg_catalog.pg_roles r on r.oid = c.setrole where c.setdatabase = d.oid), '[]') as settings,
            (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('grantee', r.rolname, 'privilege', a.privilege_type) order by r.rolname, a.privilege_type)
               from pg_catalog.aclexplode(d.datacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee) as grants
       from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`,
  );
  return DatabaseShape.parse(answer.rows[0]);
}

/** A database that is to be made; a closed one lets in nobody but superusers before it is opened. */
export type NewDatabase = DatabaseShape & { readonly closed?: true | undefined };

/** The options with which `create database` gives the same encoding and locale. */
export function createOptions(shape: NewDatabase): string {
  const closed = shape.closed === true ? ' connection limit 0' : '';
  const icu = shape.icu === null ? '' : ` locale_provider icu icu_locale ${quoteLiteral(shape.icu)}`;
  return `template template0 encoding ${quoteLiteral(shape.encoding)} lc_collate ${quoteLiteral(shape.collate)} lc_ctype ${quoteLiteral(shape.ctype)}${icu}${closed}`;
}

/** Statements that give a clone the owner, the settings and the grants of its source; an owner could open what is closed. */
export function shapeStatements(database: string, shape: NewDatabase): readonly string[] {
  const name = quoteIdentifier(database);
  const settings = shape.settings.map(({ role, setting }) => {
    const [key = '', ...value] = setting.split('=');
    const whose = role === null ? `database ${name}` : `role ${quoteIdentifier(role)} in database ${name}`;
    return `alter ${whose} set ${key.split('.').map(quoteIdentifier).join('.')} = ${settingValue(key, value.join('='))}`;
  });
  const grants = (shape.grants ?? []).map(
    ({ grantee, privilege }) =>
      `grant ${privilege} on database ${name} to ${grantee === null ? 'public' : quoteIdentifier(grantee)}`,
  );
  const revoked = shape.grants === null ? [] : [`revoke all on database ${name} from public`];
  return [
    ...(shape.closed === true ? [] : [ownerStatement(database, shape.owner)]),
    ...revoked,
    ...grants,
    ...settings,
  ];
}

export function ownerStatement(database: string, owner: string): string {
  return `alter database ${quoteIdentifier(database)} owner to ${quoteIdentifier(owner)}`;
}

/** These settings hold lists: their value is taken apart again, or it would become one quoted name. */
function settingValue(key: string, value: string): string {
  const lists = [
    'search_path',
    'temp_tablespaces',
    'session_preload_libraries',
    'local_preload_libraries',
    'shared_preload_libraries',
  ];
  return lists.includes(key) ? value : quoteLiteral(value);
}
