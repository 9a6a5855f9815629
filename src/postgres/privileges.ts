import { ReleaseError } from '../core/rules/release-error';
import type { Session } from './session';

/**
 * May the executor do no more than a release may? It is no superuser, owns no protected table nor its schema, is no member
 * of their owners and cannot write them. DESIGN.md §4, §9.
 * @throws PRIVILEGE_EXCESS naming what it may, PRIVILEGE_MISSING where the role is not there.
 */
export async function verifyExecutor(
  session: Session,
  executor: string,
  protectedTables: readonly string[],
): Promise<void> {
  const role = (
    await session.query(
      'select rolsuper or rolbypassrls or rolcreaterole as mighty from pg_catalog.pg_roles where rolname = $1',
      [executor],
    )
  ).rows[0];
  if (role === undefined) throw new ReleaseError('PRIVILEGE_MISSING', `there is no role ${executor}`);
  const excess = role['mighty'] === true ? ['it is a superuser, bypasses row security or creates roles'] : [];
  for (const table of protectedTables) excess.push(...(await excessOver(session, executor, table)));
  if (excess.length > 0)
    throw new ReleaseError('PRIVILEGE_EXCESS', `role ${executor} may do too much: ${excess.join('; ')}`);
}

async function excessOver(session: Session, executor: string, table: string): Promise<readonly string[]> {
  const answer = await session.query(
    `select pg_catalog.has_table_privilege($1, c.oid, 'insert, update, delete, truncate') as writes,
            pg_catalog.pg_has_role($1, c.relowner, 'member') as owns, pg_catalog.pg_has_role($1, n.nspowner, 'member') as owns_schema
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = pg_catalog.to_regclass($2)`,
    [executor, table],
  );
  const row = answer.rows[0];
  if (row === undefined) return [`the policy protects ${table}, which does not exist`];
  return [
    ...(row['writes'] === true ? [`it may write ${table}`] : []),
    ...(row['owns'] === true ? [`it is, or is a member of, the owner of ${table}`] : []),
    ...(row['owns_schema'] === true ? [`it may drop ${table} as an owner of its schema`] : []),
  ];
}
