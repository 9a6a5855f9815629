/** Settings that a read may ask for, with `show` and `current_setting`. The others may hold commands, paths and, as own ones do, secrets. */
const SETTINGS: ReadonlySet<string> = new Set(
  (
    'application_name autovacuum block_size bytea_output client_encoding data_checksums datestyle default_transaction_isolation ' +
    'default_transaction_read_only effective_cache_size extra_float_digits hot_standby idle_in_transaction_session_timeout ' +
    'in_hot_standby integer_datetimes intervalstyle is_superuser lc_collate lc_ctype lc_messages lc_monetary lc_numeric lc_time ' +
    'lock_timeout maintenance_work_mem max_connections max_identifier_length max_index_keys max_locks_per_transaction ' +
    'max_parallel_workers max_parallel_workers_per_gather max_prepared_transactions max_replication_slots max_standby_streaming_delay ' +
    'max_wal_senders max_wal_size max_worker_processes random_page_cost recovery_target_timeline row_security search_path ' +
    'segment_size server_encoding server_version server_version_num shared_buffers standard_conforming_strings statement_timeout ' +
    'superuser_reserved_connections synchronous_commit temp_file_limit timezone track_activities track_counts transaction_isolation ' +
    'transaction_read_only wal_block_size wal_level work_mem'
  ).split(' '),
);

/** May a read ask for this setting? */
export function isPermittedSetting(name: string): boolean {
  return SETTINGS.has(name.toLowerCase());
}
