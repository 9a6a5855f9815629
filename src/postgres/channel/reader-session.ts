import { ReleaseError } from '../../core/rules/release-error';
import type { Session, SessionSettings } from '../session';

/** What a session of the read channel states beyond what every session does. */
const STARTUP = {
  search_path: 'pg_catalog,public,pg_temp',
  default_transaction_isolation: 'repeatable\\ read',
  idle_in_transaction_session_timeout: '10000',
  client_min_messages: 'error',
  row_security: 'on',
  constraint_exclusion: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  max_parallel_workers_per_gather: '0',
  work_mem: '8MB',
  hash_mem_multiplier: '1',
  bytea_output: 'hex',
  datestyle: 'ISO,YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  xmloption: 'content',
  synchronize_seqscans: 'on',
} as const;

const LOCK_TIMEOUT_MS = 1_000;

/** Start-up options outrank what the role or the database sets. */
export function readerSettings(milliseconds: number, signal?: AbortSignal): SessionSettings {
  return {
    application: 'one-roof query',
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: milliseconds,
    readOnly: true,
    startup: STARTUP,
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The one membership that a reader has: without it, sessions that are idle in a transaction cannot be seen. FACTS.md */
const FITTING_ROLE = `
select r.rolname as role, r.rolsuper as superuser, r.rolbypassrls as bypassrls, r.rolcreaterole as createrole, r.rolcreatedb as createdb,
       r.rolreplication as replication,
       array(select m.rolname::pg_catalog.text from pg_catalog.pg_roles m
              where m.oid operator(pg_catalog.<>) r.oid and m.rolname operator(pg_catalog.<>) 'pg_read_all_stats'
                and pg_catalog.pg_has_role(r.oid, m.oid, 'member')) as memberships,
       pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on' as read_only,
       pg_catalog.current_setting('standard_conforming_strings') operator(pg_catalog.=) 'on' as conforming,
       pg_catalog.current_setting('statement_timeout') as statement_timeout,
       current_user operator(pg_catalog.=) session_user as itself
  from pg_catalog.pg_roles r where r.rolname operator(pg_catalog.=) current_user`;

const ATTRIBUTES = ['superuser', 'bypassrls', 'createrole', 'createdb', 'replication'] as const;

/** Is the role that the server knows us by one that can only read, and do the settings stand? @throws PRIVILEGE_EXCESS */
export async function verifyReader(session: Session): Promise<void> {
  const [found = {}] = (await session.query(FITTING_ROLE)).rows;
  const memberships: readonly unknown[] = Array.isArray(found['memberships']) ? found['memberships'] : [];
  const excess = [
    ...ATTRIBUTES.filter((attribute) => found[attribute] !== false),
    ...(found['superuser'] === true ? [] : memberships.map((role) => `a member of ${String(role)}`)),
    ...(found['itself'] === true ? [] : ['another role than the one that connected']),
  ];
  if (excess.length > 0)
    throw new ReleaseError(
      'PRIVILEGE_EXCESS',
      `role ${String(found['role'])} is more than a reader: ${excess.join(', ')}`,
    );
  const unset = [
    ...(found['read_only'] === true ? [] : ['transaction_read_only']),
    ...(found['conforming'] === true ? [] : ['standard_conforming_strings']),
    ...(found['statement_timeout'] === '0' ? ['statement_timeout'] : []),
  ];
  if (unset.length > 0)
    throw new ReleaseError('PRIVILEGE_EXCESS', `the session's settings do not stand: ${unset.join(', ')}`);
}
