/** Relations of pg_catalog that a read may name. The others hold secrets, or what other sessions do, or values of other people's rows. */
const CATALOGS: ReadonlySet<string> = new Set(
  (
    'pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_available_extension_versions pg_available_extensions ' +
    'pg_cast pg_class pg_collation pg_constraint pg_conversion pg_database pg_default_acl pg_depend pg_description pg_enum pg_event_trigger ' +
    'pg_extension pg_group pg_index pg_indexes pg_inherits pg_init_privs pg_language pg_largeobject_metadata pg_locks pg_matviews ' +
    'pg_namespace pg_opclass pg_operator pg_opfamily pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_xacts pg_proc ' +
    'pg_publication pg_publication_namespace pg_publication_rel pg_publication_tables pg_range pg_replication_slots pg_rewrite pg_roles ' +
    'pg_rules pg_seclabel pg_seclabels pg_sequence pg_sequences pg_shdepend pg_shdescription pg_shseclabel pg_stat_activity ' +
    'pg_stat_all_indexes pg_stat_all_tables pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer pg_stat_database ' +
    'pg_stat_database_conflicts pg_stat_io pg_stat_progress_analyze pg_stat_progress_basebackup pg_stat_progress_cluster ' +
    'pg_stat_progress_copy pg_stat_progress_create_index pg_stat_progress_vacuum pg_stat_recovery_prefetch pg_stat_replication ' +
    'pg_stat_replication_slots pg_stat_slru pg_stat_subscription_stats pg_stat_sys_indexes pg_stat_sys_tables pg_stat_user_functions ' +
    'pg_stat_user_indexes pg_stat_user_tables pg_stat_wal pg_stat_xact_all_tables pg_stat_xact_sys_tables pg_stat_xact_user_functions ' +
    'pg_stat_xact_user_tables pg_statio_all_indexes pg_statio_all_sequences pg_statio_all_tables pg_statio_sys_indexes ' +
    'pg_statio_sys_sequences pg_statio_sys_tables pg_statio_user_indexes pg_statio_user_sequences pg_statio_user_tables ' +
    'pg_statistic_ext pg_stats pg_stats_ext pg_stats_ext_exprs pg_tables pg_tablespace pg_timezone_abbrevs pg_timezone_names pg_transform ' +
    'pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_views pg_wait_events'
  ).split(' '),
);

/** Views of information_schema that a read may not name: they show options, and options hold passwords. */
const HIDDEN_INFORMATION = /^_pg_|_options$|^user_mappings$/;

/** Catalogs of which a part may be read: what may be. A read of them names its columns. */
const COLUMNS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    pg_stat_activity:
      'datid datname pid leader_pid usesysid usename application_name client_addr client_hostname client_port backend_start xact_start ' +
      'query_start state_change wait_event_type wait_event state backend_xid backend_xmin query_id backend_type',
    // Before 16.3, 15.7 and 14.12, and in databases made before, these show values of tables that the reader may not read.
    pg_stats_ext:
      'schemaname tablename statistics_schemaname statistics_name statistics_owner attnames exprs kinds inherited n_distinct dependencies',
    pg_stats_ext_exprs:
      'schemaname tablename statistics_schemaname statistics_name statistics_owner expr inherited null_frac avg_width n_distinct correlation',
    pg_roles:
      'rolname rolsuper rolinherit rolcreaterole rolcreatedb rolcanlogin rolreplication rolconnlimit rolvaliduntil rolbypassrls oid',
  }).map(([name, columns]) => [name, new Set(columns.split(' '))]),
);

/** Why a relation may not be read, or nothing; `schema`: null where it is not qualified, and then it may be one of pg_catalog's. */
export function whyHidden(schema: string | null, name: string): string | undefined {
  if (schema === 'one_roof')
    return 'schema one_roof belongs to One-Roof alone; `one-roof list` and `status` show what it holds';
  if (schema === 'information_schema')
    return HIDDEN_INFORMATION.test(name)
      ? 'it shows the options of servers and users, where passwords stand'
      : undefined;
  if (schema === 'pg_catalog' || (schema === null && name.startsWith('pg_')))
    return CATALOGS.has(name) ? undefined : 'it is not among the catalogs that a read may name';
  return schema?.startsWith('pg_') === true ? 'a schema of the server itself' : undefined;
}

/** Is it one of pg_catalog's relations that a read may name? */
export function isPermittedCatalog(name: string): boolean {
  return CATALOGS.has(name);
}

/** The columns that may be read of a catalog of which others may not; undefined: all of them. */
export function permittedColumns(schema: string | null, name: string): ReadonlySet<string> | undefined {
  return schema === null || schema === 'pg_catalog' ? COLUMNS.get(name) : undefined;
}
