import { quoteIdentifier, quoteLiteral } from './one-roof-schema';

/**
 * What the reader's own sessions state where they state nothing else: a second hand on what the read channel states itself, and the one
 * limit that only a superuser can set, that of temporary files.
 */
const SETTINGS = {
  default_transaction_read_only: 'on',
  statement_timeout: '5s',
  lock_timeout: '1s',
  idle_in_transaction_session_timeout: '10s',
  search_path: 'pg_catalog, public, pg_temp',
  standard_conforming_strings: 'on',
  work_mem: '8MB',
  max_parallel_workers_per_gather: '0',
} as const;

/** Workers take 24 connections of a target at most, however many releases wait; two of them and people find room. */
const CONNECTIONS = 64;
const TEMP_FILES = '256MB';

/** What a reader must have set for itself. */
export const SETTINGS_WANTED: readonly string[] = [
  'default_transaction_read_only',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'temp_file_limit',
];

/** The SQL that limits a role to reading in small bites. It may run again, and then writes nothing: clones are prepared side by side. */
export function readerLimitsSql(reader: string): string {
  const role = quoteIdentifier(reader);
  const settings = Object.entries(SETTINGS);
  const wanted = settings.map(([name, value]) => quoteLiteral(`${name}=${value}`)).join(', ');
  return `do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(reader)} and rolconnlimit = ${CONNECTIONS} and rolconfig @> array[${wanted}]) then
    alter role ${role} connection limit ${CONNECTIONS};
${settings.map(([name, value]) => `    alter role ${role} set ${name} = ${name === 'search_path' ? value : quoteLiteral(value)};`).join('\n')}
  end if;
end $$;
do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(reader)} and rolconfig @> array['temp_file_limit=${TEMP_FILES}']) then
    alter role ${role} set temp_file_limit = '${TEMP_FILES}';
  end if;
exception when insufficient_privilege then
  raise notice 'only a superuser can limit the temporary files of the reader: %', sqlerrm;
end $$;`;
}
