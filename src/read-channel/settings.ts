/** Settings that a read may ask for, with `show` and `current_setting`. The others may hold commands, paths and, as own ones do, secrets. */
const SETTINGS: ReadonlySet<string> = new Set(
  (
    'application_name archive_mode archive_timeout autovacuum autovacuum_analyze_scale_factor autovacuum_analyze_threshold ' +
    'autovacuum_freeze_max_age autovacuum_max_workers autovacuum_naptime autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit ' +
    'autovacuum_vacuum_insert_scale_factor autovacuum_vacuum_insert_threshold autovacuum_vacuum_scale_factor ' +
    'autovacuum_vacuum_threshold autovacuum_work_mem bgwriter_delay block_size bytea_output checkpoint_completion_target ' +
    'checkpoint_timeout client_encoding constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost data_checksums ' +
    'datestyle deadlock_timeout default_statistics_target default_toast_compression default_transaction_isolation ' +
    'default_transaction_read_only effective_cache_size effective_io_concurrency enable_hashjoin enable_indexscan enable_mergejoin ' +
    'enable_nestloop enable_partition_pruning enable_seqscan extra_float_digits from_collapse_limit fsync full_page_writes ' +
    'hash_mem_multiplier hot_standby hot_standby_feedback huge_pages idle_in_transaction_session_timeout idle_session_timeout ' +
    'in_hot_standby integer_datetimes intervalstyle is_superuser jit join_collapse_limit lc_collate lc_ctype lc_messages lc_monetary ' +
    'lc_numeric lc_time lock_timeout log_checkpoints log_lock_waits log_min_duration_statement logical_decoding_work_mem ' +
    'maintenance_io_concurrency maintenance_work_mem max_connections max_files_per_process max_identifier_length max_index_keys ' +
    'max_locks_per_transaction max_logical_replication_workers max_parallel_maintenance_workers max_parallel_workers ' +
    'max_parallel_workers_per_gather max_pred_locks_per_transaction max_prepared_transactions max_replication_slots ' +
    'max_slot_wal_keep_size max_standby_archive_delay max_standby_streaming_delay max_sync_workers_per_subscription max_wal_senders ' +
    'max_wal_size max_worker_processes min_wal_size parallel_setup_cost parallel_tuple_cost plan_cache_mode port random_page_cost ' +
    'recovery_target_timeline row_security search_path segment_size seq_page_cost server_encoding server_version server_version_num ' +
    'shared_buffers ssl standard_conforming_strings statement_timeout superuser_reserved_connections synchronous_commit temp_buffers ' +
    'temp_file_limit timezone track_activities track_counts track_functions track_io_timing transaction_deferrable ' +
    'transaction_isolation transaction_read_only vacuum_cost_delay vacuum_cost_limit vacuum_freeze_max_age vacuum_freeze_min_age ' +
    'vacuum_freeze_table_age wal_block_size wal_buffers wal_compression wal_keep_size wal_level wal_log_hints ' +
    'wal_receiver_status_interval wal_receiver_timeout wal_sender_timeout wal_writer_delay work_mem'
  ).split(' '),
);

/** May a read ask for this setting? */
export function isPermittedSetting(name: string): boolean {
  return SETTINGS.has(name.toLowerCase());
}
