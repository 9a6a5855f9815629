import type { Roles } from '../core/schema/target';
import { BREAK_GLASS_FUNCTIONS } from './break-glass-schema';
import {
  ONE_ROOF_GUARDS,
  ONE_ROOF_TABLES,
  oneRoofGrants,
  quoteIdentifier,
  quoteLiteral,
} from './one-roof-schema';
import { readerLimitsSql } from './reader-role';

/** Who a database is to be registered as. */
export interface Registration {
  readonly name: string;
  readonly kind: 'production' | 'clone';
  readonly nonce: string;
}

/**
 * The SQL with which a DBA, as superuser, makes a database a target: roles without passwords, schema `one_roof`, registration.
 * It may run again; a registration that is already there is kept unless it is of another name.
 */
export function prepareSql(registration: Registration, roles: Roles): string {
  return [
    '-- One-Roof: roles, schema and registration of this database. Run it as a superuser; it may run again.',
    'begin;',
    rolesSql(roles),
    ONE_ROOF_TABLES,
    ONE_ROOF_GUARDS,
    BREAK_GLASS_FUNCTIONS,
    oneRoofGrants({ readers: [roles.reader, roles.cloner], executor: roles.executor }),
    registrationSql(registration),
    'commit;',
    '',
  ].join('\n');
}

/** Roles as DESIGN.md §9 wants them: no attribute, no membership but pg_read_all_stats where sessions must be seen. */
export function rolesSql(roles: Roles): string {
  const create = [roles.reader, roles.cloner, roles.executor].map(
    (role) => `do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(role)}) then
    create role ${quoteIdentifier(role)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
  end if;
end $$;`,
  );
  return [
    ...create,
    `grant pg_read_all_stats to ${quoteIdentifier(roles.reader)}, ${quoteIdentifier(roles.executor)};`,
    readerLimitsSql(roles.reader),
    `alter role ${quoteIdentifier(roles.cloner)} set default_transaction_read_only = on;`,
  ].join('\n');
}

/** Registers the database; a clone registers anew, production keeps the nonce that it has. */
export function registrationSql(registration: Registration): string {
  const values = [registration.name, registration.kind, registration.nonce].map(quoteLiteral).join(', ');
  return `insert into one_roof.target (name, kind, nonce) values (${values}) on conflict do nothing;`;
}
