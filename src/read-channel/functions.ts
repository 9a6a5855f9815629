/**
 * The functions of pg_catalog that a read may call, by name: what is not here is refused. Every overload of a name in PostgreSQL 14 to
 * 18 was looked at. Left out is what writes, locks, signals, waits, reads files or other sessions' queries, takes SQL, a table or a type
 * as text and runs or reads it, keeps state in the session, assigns a transaction id, or turns rows into a user's type.
 */
const BY_PURPOSE: Readonly<Record<string, string>> = {
  numbers:
    'abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf erfc exp ' +
    'floor gamma gcd lcm lgamma ln log log10 min_scale mod pi pow power radians random random_normal round scale sign sin sind sinh sqrt tan ' +
    'tand tanh trim_scale trunc width_bucket float4 float8 int2 int4 int8 numeric money bool oid',
  text:
    'ascii bit_count bit_length bpchar btrim casefold char_length character_length chr concat concat_ws convert convert_from convert_to crc32 ' +
    'crc32c decode encode format get_bit get_byte initcap is_normalized left length like_escape lower lpad ltrim md5 normalize octet_length ' +
    'overlay parse_ident position quote_ident quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches ' +
    'regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right rpad rtrim set_bit set_byte sha224 ' +
    'sha256 sha384 sha512 similar_to_escape split_part starts_with string_to_array string_to_table strpos substr substring text to_ascii ' +
    'to_bin to_char to_date to_hex to_number to_oct to_timestamp translate unicode_assigned unicode_version unistr upper varchar name hashtext ' +
    'hashtextextended bit varbit',
  time:
    'age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract interval isfinite justify_days justify_hours ' +
    'justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp time timeofday ' +
    'timestamp timestamptz timetz timezone transaction_timestamp',
  arrays:
    'array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend ' +
    'array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality ' +
    'generate_subscripts trim_array unnest',
  ranges:
    'daterange datemultirange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf multirange nummultirange numrange ' +
    'range_merge tsmultirange tsrange tstzmultirange tstzrange upper_inc upper_inf',
  json:
    'array_to_json json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text ' +
    'json_extract_path json_extract_path_text json_object json_object_keys json_strip_nulls json_to_record json_to_recordset json_typeof ' +
    'jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text ' +
    'jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz ' +
    'jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first ' +
    'jsonb_path_query_first_tz jsonb_path_query_tz jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset ' +
    'jsonb_typeof row_to_json to_json to_jsonb',
  'text search':
    'array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight ' +
    'strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsquery_phrase tsvector_to_array ' +
    'websearch_to_tsquery',
  geometry:
    'area box center circle diagonal diameter height isclosed isopen line lseg npoints path pclose point polygon popen radius slope',
  networks:
    'abbrev broadcast cidr family host hostmask inet_merge inet_same_family macaddr macaddr8 macaddr8_set7bit masklen netmask network ' +
    'set_masklen',
  identities: 'gen_random_uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7',
  enums: 'enum_first enum_last enum_range',
  sets: 'generate_series',
  aggregates:
    'any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_object_agg jsonb_agg ' +
    'jsonb_object_agg json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict jsonb_agg_strict ' +
    'jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode percentile_cont percentile_disc ' +
    'range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev ' +
    'stddev_pop stddev_samp string_agg sum var_pop var_samp variance cume_dist dense_rank percent_rank rank',
  windows: 'first_value lag last_value lead nth_value ntile row_number',
  'what is what':
    'acldefault aclexplode col_description current_database current_schema current_schemas current_user format_type getdatabaseencoding ' +
    'has_any_column_privilege has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege ' +
    'has_language_privilege has_parameter_privilege has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege ' +
    'has_tablespace_privilege has_type_privilege num_nonnulls num_nulls obj_description pg_basetype pg_char_to_encoding pg_client_encoding ' +
    'pg_collation_for pg_collation_is_visible pg_column_compression pg_column_is_updatable pg_column_size pg_conversion_is_visible ' +
    'pg_describe_object pg_encoding_to_char pg_function_is_visible pg_get_constraintdef pg_get_expr pg_get_function_arg_default ' +
    'pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_functiondef ' +
    'pg_get_indexdef pg_get_keywords pg_get_partition_constraintdef pg_get_partkeydef pg_get_ruledef ' +
    'pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions pg_get_triggerdef ' +
    'pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object pg_identify_object_as_address pg_index_column_has_property ' +
    'pg_index_has_property pg_indexam_has_property pg_is_other_temp_schema pg_my_temp_schema pg_opclass_is_visible pg_operator_is_visible ' +
    'pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors pg_partition_root pg_partition_tree pg_relation_is_publishable ' +
    'pg_relation_is_updatable pg_statistics_obj_is_visible pg_table_is_visible pg_ts_config_is_visible pg_ts_dict_is_visible ' +
    'pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof row_security_active session_user shobj_description ' +
    'to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod ' +
    'version regclass',
  'sizes, positions and times of the server':
    'current_setting inet_client_addr inet_client_port inet_server_addr inet_server_port pg_backend_pid pg_blocking_pids pg_conf_load_time pg_current_snapshot pg_current_wal_flush_lsn pg_current_wal_insert_lsn ' +
    'pg_current_wal_lsn pg_current_xact_id_if_assigned pg_database_size pg_indexes_size pg_is_in_recovery pg_is_wal_replay_paused ' +
    'pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_postmaster_start_time pg_relation_size ' +
    'pg_sequence_last_value pg_sequence_parameters pg_size_bytes pg_size_pretty pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin ' +
    'pg_table_size pg_tablespace_size pg_total_relation_size pg_visible_in_snapshot pg_wal_lsn_diff txid_current_if_assigned ' +
    'txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot mxid_age',
};

const PERMITTED: ReadonlySet<string> = new Set(
  Object.values(BY_PURPOSE).flatMap((names) => names.split(' ')),
);

/** May a read call the functions of pg_catalog of this name? */
export function isPermittedFunction(name: string): boolean {
  return PERMITTED.has(name);
}

/** All of them, for whoever compares them with a server. */
export const PERMITTED_FUNCTIONS: readonly string[] = [...PERMITTED];

/** Why the best known others are not, and what serves instead. */
const WHY: readonly (readonly [RegExp, string, string?])[] = [
  [/^pg_sleep/, 'it waits'],
  [/^(nextval|setval)$/, 'it moves a sequence'],
  [/^(currval|lastval)$/, 'it tells of this session alone', '`select last_value from SEQUENCE`'],
  [/^set_config$/, 'it changes the session'],
  [/advisory/, 'it takes or gives away locks'],
  [/^(pg_notify|pg_logical_emit_message)$/, 'it sends a message'],
  [/^pg_(cancel|terminate)_backend$|^pg_(reload_conf|rotate_logfile|promote)/, 'it signals the server'],
  [
    /^(txid_current|pg_current_xact_id)$/,
    'it assigns a transaction id',
    '`pg_current_xact_id_if_assigned()`',
  ],
  [
    /^(lo_|loread|lowrite|pg_(read|ls|stat)_(binary_)?(file|dir)|pg_ls_)/,
    'it reaches files or large objects',
  ],
  [/_to_xml|xml|xpath/, 'XML may expand without limit, and tables and queries may be given as text'],
  [/^(ts_stat|ts_rewrite|dblink)/, 'it runs SQL that is given as text'],
  [/populate_record/, 'it builds a value of a user’s type', '`json_to_record(…) as (name type, …)`'],
  [/^pg_stat_get_/, 'it may show the queries of others', 'the view, for example `pg_stat_activity`'],
];

/** Is it certainly a function of PostgreSQL's, or of the same kind as one that is refused? */
export function isKnown(name: string): boolean {
  return name.startsWith('pg_') || WHY.some(([pattern]) => pattern.test(name));
}

/** The reason against a function, and the permitted form. */
export function whyRefusedFunction(name: string): { readonly reason: string; readonly instead?: string } {
  const [, why, instead] = WHY.find(([pattern]) => pattern.test(name)) ?? [];
  const reason = 'it is not among the functions that a read may call';
  return {
    reason: why === undefined ? reason : `${why}; ${reason}`,
    ...(instead === undefined ? {} : { instead }),
  };
}
