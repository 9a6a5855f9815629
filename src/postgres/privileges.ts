import { ReleaseError } from '../core/rules/release-error';
import type { Session } from './session';

/** What a role may do by itself or as any role that it can become, inherited or by `set role`. */
const EXCESS_IN_DATABASE = `
select exists (select from pg_catalog.pg_roles r where r.rolsuper and pg_catalog.pg_has_role($1, r.oid, 'member')) as is_super,
       exists (select from pg_catalog.pg_roles r
                where (r.rolbypassrls or r.rolcreaterole or r.rolreplication) and pg_catalog.pg_has_role($1, r.oid, 'member')) as is_mighty,
       exists (select from pg_catalog.pg_roles r
                where r.rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files')
                  and pg_catalog.pg_has_role($1, r.oid, 'member')) as leaves_database,
       pg_catalog.pg_has_role($1, d.datdba, 'member') as owns_database,
       exists (select from pg_catalog.pg_namespace n where n.nspname = 'one_roof' and pg_catalog.pg_has_role($1, n.nspowner, 'member'))
         or exists (select from pg_catalog.pg_class c where c.relnamespace = pg_catalog.to_regnamespace('one_roof')
                       and pg_catalog.pg_has_role($1, c.relowner, 'member')) as owns_one_roof
  from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`;

const EXCESS_OVER_TABLE = `
select exists (select from pg_catalog.pg_roles r where pg_catalog.pg_has_role($1, r.oid, 'member')
                  and (pg_catalog.has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate')
                       or pg_catalog.has_any_column_privilege(r.oid, c.oid, 'insert, update'))) as writes,
       pg_catalog.pg_has_role($1, c.relowner, 'member') as owns, pg_catalog.pg_has_role($1, n.nspowner, 'member') as owns_schema
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.oid = pg_catalog.to_regclass($2)`;

/**
 * May the executor do no more than a release may? It is no superuser nor a member of one, owns neither the database, nor
 * One-Roof's schema, nor a protected table or its schema, and cannot write a column of a protected table. DESIGN.md §4, §9.
 * @throws PRIVILEGE_EXCESS naming what it may, PRIVILEGE_MISSING where the role is not there.
 */
export async function verifyExecutor(
  session: Session,
  executor: string,
  protectedTables: readonly string[],
): Promise<void> {
  const role = await session.query('select from pg_catalog.pg_roles where rolname = $1', [executor]);
  if (role.rowCount !== 1) throw new ReleaseError('PRIVILEGE_MISSING', `there is no role ${executor}`);
  const excess = [...(await excessInDatabase(session, executor))];
  for (const table of protectedTables) excess.push(...(await excessOver(session, executor, table)));
  if (excess.length > 0)
    throw new ReleaseError('PRIVILEGE_EXCESS', `role ${executor} may do too much: ${excess.join('; ')}`);
}

async function excessInDatabase(session: Session, executor: string): Promise<readonly string[]> {
  const row = (await session.query(EXCESS_IN_DATABASE, [executor])).rows[0];
  return [
    ...(row?.['is_super'] === true ? ['it is a superuser, or a member of one'] : []),
    ...(row?.['is_mighty'] === true ? ['it bypasses row security, creates roles or replicates'] : []),
    ...(row?.['leaves_database'] === true ? ["it reads or writes the server's files, or runs programs"] : []),
    ...(row?.['owns_database'] === true ? ['it is, or is a member of, the owner of the database'] : []),
    ...(row?.['owns_one_roof'] === true ? ['it is, or is a member of, the owner of schema one_roof'] : []),
  ];
}

async function excessOver(session: Session, executor: string, table: string): Promise<readonly string[]> {
  const row = (await session.query(EXCESS_OVER_TABLE, [executor, table])).rows[0];
  if (row === undefined) return [`the policy protects ${table}, which does not exist`];
  return [
    ...(row['writes'] === true ? [`it may write ${table}`] : []),
    ...(row['owns'] === true ? [`it is, or is a member of, the owner of ${table}`] : []),
    ...(row['owns_schema'] === true ? [`it may drop ${table} as an owner of its schema`] : []),
  ];
}
