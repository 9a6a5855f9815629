import { quoteIdentifier } from './one-roof-schema';

/**
 * What the reader's own sessions state where they state nothing else: a second hand on what the read channel states itself, and the one
 * limit that only a superuser can set, that of temporary files.
 */
const SETTINGS = {
  default_transaction_read_only: 'on',
  statement_timeout: "'5s'",
  lock_timeout: "'1s'",
  idle_in_transaction_session_timeout: "'10s'",
  search_path: 'pg_catalog, public, pg_temp',
  standard_conforming_strings: 'on',
  work_mem: "'8MB'",
  max_parallel_workers_per_gather: '0',
} as const;

/** Workers take 24 connections of a target at most, however many releases wait; two of them and people find room. */
const CONNECTIONS = 64;
const TEMP_FILES = "'256MB'";

/** What a reader must have set for itself. */
export const SETTINGS_WANTED: readonly string[] = [
  'default_transaction_read_only',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'temp_file_limit',
];

/** The SQL that limits a role to reading in small bites; it may run again. */
export function readerLimitsSql(reader: string): string {
  const role = quoteIdentifier(reader);
  return [
    `alter role ${role} connection limit ${CONNECTIONS};`,
    ...Object.entries(SETTINGS).map(([name, value]) => `alter role ${role} set ${name} = ${value};`),
    `do $$ begin`,
    `  alter role ${role} set temp_file_limit = ${TEMP_FILES};`,
    `exception when insufficient_privilege then`,
    `  raise notice 'only a superuser can limit temporary files: ask for alter role ${role.replaceAll("'", "''")} set temp_file_limit = ''256MB''';`,
    `end $$;`,
  ].join('\n');
}
