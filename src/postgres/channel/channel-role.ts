import type { Session } from '../session';
import { SETTINGS_WANTED } from '../reader-role';
import { pinned } from './meaning/pinned';

/** What a reader may do that it should not, and the SQL with which a DBA takes it away. */
export interface RoleFinding {
  readonly what: string;
  readonly mend: string;
}

/** More of one kind are counted, not named. */
const MOST_NAMED = 5;

/**
 * Looks at the role that the session runs as: may it only read? Each check is a question of its own to the catalog; grants to PUBLIC count
 * as its own. What an owner, a superuser or another role could do is not looked at.
 */
export async function examineReader(session: Session): Promise<readonly RoleFinding[]> {
  const findings: RoleFinding[] = [];
  for (const check of CHECKS) {
    const { rows } = await session.query(`${ME}\n${check}`);
    const found = rows.map((row) => ({ what: String(row['what']), mend: String(row['mend']) }));
    findings.push(...found.slice(0, MOST_NAMED));
    const more = found.slice(MOST_NAMED);
    if (more.length > 0)
      findings.push({
        what: `… and ${more.length} more of these`,
        mend: more.map(({ mend }) => mend).join('\n'),
      });
  }
  return [...findings, ...(await settingsMissing(session))];
}

const ME = pinned`with me as materialized (
  select r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication, d.oid as database, d.datname, d.datacl, d.datdba
    from pg_catalog.pg_roles r, pg_catalog.pg_database d
   where r.rolname = session_user and d.datname = pg_catalog.current_database())`;

/** `from`: as a REVOKE names who was granted something. */
const GRANTEE = pinned`case when x.grantee = 0::pg_catalog.oid then 'public' else pg_catalog.quote_ident(me.rolname) end`;
const IS_MINE = pinned`(x.grantee = 0::pg_catalog.oid or x.grantee = me.oid)`;
const BY = pinned`case when x.grantee = 0::pg_catalog.oid then ' by grant to PUBLIC' else '' end`;

const ATTRIBUTES = pinned`
select pg_catalog.format('it has %s', pg_catalog.upper(a.word)) as what, pg_catalog.format('alter role %I no%s;', me.rolname, a.word) as mend
  from me, lateral (values (me.rolsuper, 'superuser'), (me.rolbypassrls, 'bypassrls'), (me.rolcreaterole, 'createrole'),
                           (me.rolcreatedb, 'createdb'), (me.rolreplication, 'replication')) a(has, word)
 where a.has`;

const MEMBERSHIPS = pinned`
select pg_catalog.format('it is a member of %I', r.rolname) as what, pg_catalog.format('revoke %I from %I;', r.rolname, me.rolname) as mend
  from me join pg_catalog.pg_roles r on r.oid <> me.oid and r.rolname <> 'pg_read_all_stats'
 where not me.rolsuper and pg_catalog.pg_has_role(me.oid, r.oid, 'member')`;

const OWNED = pinned`
select pg_catalog.concat('it owns ', pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid)) as what,
       pg_catalog.format('reassign owned by %I to current_user;', me.rolname) as mend
  from me join pg_catalog.pg_shdepend s on s.refobjid = me.oid and s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
 where s.deptype = 'o' and (s.dbid = me.database or s.dbid = 0::pg_catalog.oid)`;

const TABLES = pinned`
select pg_catalog.concat('it may ', pg_catalog.lower(pg_catalog.string_agg(x.privilege_type, ', ' order by x.privilege_type)), ' ', c.oid::pg_catalog.regclass::pg_catalog.text, ${BY}) as what,
       pg_catalog.format('revoke %s on %s from %s;', pg_catalog.lower(pg_catalog.string_agg(x.privilege_type, ', ' order by x.privilege_type)), c.oid::pg_catalog.regclass, ${GRANTEE}) as mend
  from me, pg_catalog.pg_class c, lateral pg_catalog.aclexplode(c.relacl) x
 where c.oid >= 16384::pg_catalog.oid and ${IS_MINE}
   and x.privilege_type <> 'SELECT'
 group by c.oid, x.grantee, me.rolname order by 1`;

const COLUMNS = pinned`
select pg_catalog.concat('it may ', pg_catalog.lower(x.privilege_type), ' column ', c.attname, ' of ', c.attrelid::pg_catalog.regclass::pg_catalog.text, ${BY}) as what,
       pg_catalog.format('revoke %s (%I) on %s from %s;', pg_catalog.lower(x.privilege_type), c.attname, c.attrelid::pg_catalog.regclass, ${GRANTEE}) as mend
  from me, pg_catalog.pg_attribute c, lateral pg_catalog.aclexplode(c.attacl) x
 where c.attrelid >= 16384::pg_catalog.oid and ${IS_MINE} and x.privilege_type <> 'SELECT' order by 1`;

const LARGE_OBJECTS = pinned`
select pg_catalog.concat('it may write large object ', l.oid, ${BY}) as what,
       pg_catalog.format('revoke update on large object %s from %s;', l.oid, ${GRANTEE}) as mend
  from me, pg_catalog.pg_largeobject_metadata l, lateral pg_catalog.aclexplode(l.lomacl) x
 where ${IS_MINE} and x.privilege_type = 'UPDATE' order by l.oid`;

const SCHEMAS = pinned`
select pg_catalog.concat('it may create in schema ', n.nspname, ${BY}) as what,
       pg_catalog.format('revoke create on schema %I from %s;', n.nspname, ${GRANTEE}) as mend
  from me, pg_catalog.pg_namespace n, lateral pg_catalog.aclexplode(n.nspacl) x
 where ${IS_MINE} and x.privilege_type = 'CREATE' order by 1`;

/** PUBLIC has TEMPORARY by default, where nobody ever granted anything. */
const DATABASE = pinned`
select pg_catalog.concat('it may ', case when x.privilege_type = 'CREATE' then 'create schemas' else 'make temporary tables' end, ' in the database', ${BY}) as what,
       pg_catalog.format('revoke %s on database %I from %s;', pg_catalog.lower(x.privilege_type), me.datname, ${GRANTEE}) as mend
  from me, lateral pg_catalog.aclexplode(coalesce(me.datacl, pg_catalog.acldefault('d', me.datdba))) x
 where ${IS_MINE} and x.privilege_type <> 'CONNECT' order by 1`;

/** With its owner's rights a function may do whatever its owner may, in a read-only transaction too: notify, lock, call out. */
const DEFINERS = pinned`
select pg_catalog.concat('it may call ', p.oid::pg_catalog.regprocedure::pg_catalog.text, ', which acts with the rights of its owner', ${BY}) as what,
       pg_catalog.format('revoke execute on %s %s from %s;', case when p.prokind = 'p' then 'procedure' else 'function' end, p.oid::pg_catalog.regprocedure, ${GRANTEE}) as mend
  from me, pg_catalog.pg_proc p, lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x
 where p.prosecdef and p.oid >= 16384::pg_catalog.oid and ${IS_MINE}
   and pg_catalog.has_schema_privilege(me.oid, p.pronamespace, 'usage') order by 1`;

/** What initdb keeps from PUBLIC reads files and signals; dblink leaves the database; before 16, lo_* write in read-only transactions. */
const FUNCTIONS = pinned`
select pg_catalog.concat('it may call ', p.oid::pg_catalog.regprocedure::pg_catalog.text, ${BY}) as what,
       pg_catalog.format('revoke execute on function %s from %s;', p.oid::pg_catalog.regprocedure, ${GRANTEE}) as mend
  from me, pg_catalog.pg_proc p, lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x
 where ${IS_MINE}
   and ((p.oid <= 16383::pg_catalog.oid and exists (
           select from pg_catalog.pg_init_privs i
            where i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and i.objoid = p.oid
              and not exists (select from pg_catalog.aclexplode(i.initprivs) y where y.grantee = x.grantee)))
        or p.proname::pg_catalog.text operator(pg_catalog.~) '^dblink'
        or (pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 160000 and p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
            and p.proname = any ('{lo_creat,lo_create,lo_from_bytea,lo_put,lo_unlink,lo_truncate,lo_truncate64,lowrite}'::pg_catalog.name[])))
 order by 1`;

const LANGUAGES = pinned`
select pg_catalog.concat('it may use the untrusted language ', l.lanname, ${BY}) as what,
       pg_catalog.format('revoke usage on language %I from %s;', l.lanname, ${GRANTEE}) as mend
  from me, pg_catalog.pg_language l, lateral pg_catalog.aclexplode(l.lanacl) x
 where l.lanispl and not l.lanpltrusted and ${IS_MINE} order by 1`;

const FOREIGN = pinned`
select pg_catalog.concat('it may use the foreign server ', s.srvname, ${BY}) as what,
       pg_catalog.format('revoke usage on foreign server %I from %s;', s.srvname, ${GRANTEE}) as mend
  from me, pg_catalog.pg_foreign_server s, lateral pg_catalog.aclexplode(s.srvacl) x where ${IS_MINE}
union all
select pg_catalog.concat('foreign server ', u.srvname, ' knows it, by a user mapping'),
       pg_catalog.format('drop user mapping for %s server %I;', case when u.umuser = 0::pg_catalog.oid then 'public' else pg_catalog.quote_ident(me.rolname) end, u.srvname)
  from me, pg_catalog.pg_user_mappings u where u.umuser = me.oid or u.umuser = 0::pg_catalog.oid`;

const CHECKS = [
  ATTRIBUTES,
  MEMBERSHIPS,
  OWNED,
  TABLES,
  COLUMNS,
  LARGE_OBJECTS,
  SCHEMAS,
  DATABASE,
  DEFINERS,
  FUNCTIONS,
  LANGUAGES,
  FOREIGN,
];

const SETTINGS = pinned`
select array(select pg_catalog.split_part(pg_catalog.unnest(s.setconfig), '=', 1)
               from pg_catalog.pg_db_role_setting s where s.setrole = me.oid and (s.setdatabase = 0::pg_catalog.oid or s.setdatabase = me.database)) as names,
       me.rolname::pg_catalog.text as role
  from me`;

/** The channel states them in each session; what nobody but a superuser can set stands at the role alone. */
async function settingsMissing(session: Session): Promise<readonly RoleFinding[]> {
  const [row = {}] = (await session.query(`${ME}\n${SETTINGS}`)).rows;
  const names: readonly unknown[] = Array.isArray(row['names']) ? row['names'] : [];
  const missing = SETTINGS_WANTED.filter((name) => !names.includes(name));
  if (missing.length === 0) return [];
  return [
    {
      what: `it has no ${missing.join(', ')} of its own`,
      mend: `-- what \`one-roof roles\` prints for ${String(row['role'])}, as a superuser`,
    },
  ];
}
