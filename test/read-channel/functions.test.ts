import { PERMITTED_FUNCTIONS } from '../../src/read-channel/functions';
import { urlOf, withClient } from '../support/database';

/** They read the clock, chance, or where the server stands; none changes anything. */
const VOLATILE =
  'clock_timestamp gen_random_uuid pg_blocking_pids pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_size ' +
  'pg_indexes_size pg_is_in_recovery pg_is_wal_replay_paused pg_last_wal_receive_lsn pg_last_wal_replay_lsn ' +
  'pg_last_xact_replay_timestamp pg_partition_ancestors pg_partition_tree pg_relation_size pg_sequence_last_value pg_table_size ' +
  'pg_tablespace_size pg_total_relation_size random timeofday';

/** They came after PostgreSQL 15. */
const NEWER =
  'any_value array_reverse array_sample array_shuffle array_sort casefold crc32 crc32c date_add date_subtract erf erfc gamma ' +
  'json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict jsonb_agg_strict jsonb_object_agg_strict ' +
  'jsonb_object_agg_unique jsonb_object_agg_unique_strict lgamma pg_basetype random_normal to_bin to_oct to_regtypemod unicode_assigned ' +
  'unicode_version uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7';

describe('the functions that a read may call', () => {
  it('are functions of PostgreSQL, or will be', async () => {
    const sql = `select name from unnest($1::text[]) name where not exists (
      select from pg_proc where proname = name and pronamespace = 'pg_catalog'::regnamespace) order by 1`;
    expect(await namesOf(sql)).toEqual(NEWER.split(' ').sort());
  });

  it('are volatile only where they look at what changes by itself', async () => {
    const sql = `select distinct proname::text as name from pg_proc where proname = any ($1)
      and pronamespace = 'pg_catalog'::regnamespace and provolatile = 'v' order by 1`;
    expect(await namesOf(sql)).toEqual(VOLATILE.split(' ').sort());
  });

  it('are open to everyone, and none is called by a trigger, a type or a language', async () => {
    const sql = `select proname::text as name from pg_proc where proname = any ($1) and pronamespace = 'pg_catalog'::regnamespace
      and (proacl is not null or prokind = 'p' or prosecdef or 'internal'::regtype = any (proargtypes)
           or prorettype = any ('{trigger,event_trigger,internal,language_handler,fdw_handler}'::regtype[]))`;
    expect(await namesOf(sql)).toEqual([]);
  });
});

async function namesOf(sql: string): Promise<readonly string[]> {
  return await withClient(urlOf('postgres'), async (client) => {
    const { rows } = await client.query<{ name: string }>(sql, [PERMITTED_FUNCTIONS]);
    return rows.map(({ name }) => name).sort();
  });
}
