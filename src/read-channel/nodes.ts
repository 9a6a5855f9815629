/**
 * What may stand in a field of a node: `value`: a word or a number; `nodes`: any permitted node, one or several; a name: a node of that
 * kind, which the grammar writes without its name.
 */
export type FieldRule = 'value' | 'nodes' | (string & {});

/** Every kind of node that a read may hold, with its fields. What is not here, kind or field, is refused: PostgreSQL's next grammar too. */
const NODES: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> = {
  SelectStmt: {
    ...all(
      'nodes',
      'distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause',
    ),
    ...all('nodes', 'limitOffset limitCount'),
    ...all('value', 'groupDistinct limitOption op all'),
    ...{ withClause: 'WithClause', larg: 'SelectStmt', rarg: 'SelectStmt' },
  },
  ExplainStmt: { ...all('nodes', 'query options') },
  VariableShowStmt: { ...all('value', 'name') },
  DefElem: { ...all('value', 'defname defaction'), ...all('nodes', 'arg') },
  WithClause: { ...all('nodes', 'ctes'), ...all('value', 'recursive') },
  CommonTableExpr: {
    ...all('value', 'ctename ctematerialized'),
    ...all('nodes', 'aliascolnames ctequery'),
    ...{ search_clause: 'CTESearchClause', cycle_clause: 'CTECycleClause' },
  },
  CTESearchClause: {
    ...all('nodes', 'search_col_list'),
    ...all('value', 'search_breadth_first search_seq_column'),
  },
  CTECycleClause: {
    ...all('nodes', 'cycle_col_list cycle_mark_value cycle_mark_default'),
    ...all('value', 'cycle_mark_column cycle_path_column'),
  },
  ResTarget: { ...all('value', 'name'), ...all('nodes', 'val') },
  RangeVar: { ...all('value', 'schemaname relname inh relpersistence'), alias: 'Alias' },
  RangeSubselect: { ...all('value', 'lateral'), ...all('nodes', 'subquery'), alias: 'Alias' },
  RangeFunction: {
    ...all('value', 'lateral ordinality is_rowsfrom'),
    ...all('nodes', 'functions coldeflist'),
    alias: 'Alias',
  },
  RangeTableSample: { ...all('nodes', 'relation method args repeatable') },
  JoinExpr: {
    ...all('value', 'jointype isNatural rtindex'),
    ...all('nodes', 'larg rarg usingClause quals'),
    ...{ alias: 'Alias', join_using_alias: 'Alias' },
  },
  Alias: { ...all('value', 'aliasname'), ...all('nodes', 'colnames') },
  ColumnDef: {
    ...all('value', 'colname is_local storage inhcount'),
    ...{ typeName: 'TypeName', collClause: 'CollateClause' },
  },
  ColumnRef: { ...all('nodes', 'fields') },
  A_Star: {},
  A_Const: {
    isnull: 'value',
    ...{ ival: 'Integer', fval: 'Float', boolval: 'Boolean', sval: 'String', bsval: 'BitString' },
  },
  Integer: { ival: 'value' },
  Float: { fval: 'value' },
  Boolean: { boolval: 'value' },
  String: { sval: 'value' },
  BitString: { bsval: 'value' },
  List: { items: 'nodes' },
  A_Expr: { ...all('value', 'kind rexpr_list_start rexpr_list_end'), ...all('nodes', 'name lexpr rexpr') },
  A_Indirection: { ...all('nodes', 'arg indirection') },
  A_Indices: { ...all('value', 'is_slice'), ...all('nodes', 'lidx uidx') },
  A_ArrayExpr: { ...all('nodes', 'elements'), ...all('value', 'list_start list_end') },
  BoolExpr: { ...all('value', 'boolop'), ...all('nodes', 'args') },
  NullTest: { ...all('value', 'nulltesttype argisrow'), ...all('nodes', 'arg') },
  BooleanTest: { ...all('value', 'booltesttype'), ...all('nodes', 'arg') },
  CaseExpr: { ...all('nodes', 'arg args defresult') },
  CaseWhen: { ...all('nodes', 'expr result') },
  CoalesceExpr: { ...all('nodes', 'args') },
  MinMaxExpr: { ...all('value', 'op'), ...all('nodes', 'args') },
  RowExpr: { ...all('value', 'row_format'), ...all('nodes', 'args colnames') },
  SubLink: { ...all('value', 'subLinkType'), ...all('nodes', 'testexpr operName subselect') },
  SQLValueFunction: { ...all('value', 'op typmod') },
  CollateClause: { ...all('nodes', 'arg collname') },
  TypeCast: { ...all('nodes', 'arg'), typeName: 'TypeName' },
  TypeName: { ...all('value', 'typemod'), ...all('nodes', 'names typmods arrayBounds') },
  FuncCall: {
    ...all('nodes', 'funcname args agg_order agg_filter'),
    ...all('value', 'agg_within_group agg_star agg_distinct func_variadic funcformat'),
    over: 'WindowDef',
  },
  NamedArgExpr: { ...all('value', 'name argnumber'), ...all('nodes', 'arg') },
  SortBy: { ...all('nodes', 'node useOp'), ...all('value', 'sortby_dir sortby_nulls') },
  WindowDef: {
    ...all('value', 'name refname frameOptions'),
    ...all('nodes', 'partitionClause orderClause startOffset endOffset'),
  },
  GroupingSet: { ...all('value', 'kind'), ...all('nodes', 'content') },
  GroupingFunc: { ...all('nodes', 'args') },
  JsonIsPredicate: {
    ...all('value', 'item_type unique_keys'),
    ...all('nodes', 'expr'),
    format: 'JsonFormat',
  },
  JsonFormat: { ...all('value', 'format_type encoding') },
};

/** What may stand in the field of a node of this kind; undefined: no such kind, or no such field. */
export function fieldRule(kind: string, field: string): FieldRule | undefined {
  if (field === 'location' && Object.hasOwn(NODES, kind)) return 'value';
  const fields = Object.hasOwn(NODES, kind) ? NODES[kind] : undefined;
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

export function isPermittedNode(kind: string): boolean {
  return Object.hasOwn(NODES, kind);
}

function all(rule: FieldRule, fields: string): Readonly<Record<string, FieldRule>> {
  return Object.fromEntries(fields.split(' ').map((field) => [field, rule]));
}

/** What people call the kinds and fields that are refused most. */
const SPOKEN: Readonly<Record<string, readonly [construct: string, reason: string, instead?: string]>> = {
  InsertStmt: ['INSERT', 'it writes'],
  UpdateStmt: ['UPDATE', 'it writes'],
  DeleteStmt: ['DELETE', 'it writes'],
  MergeStmt: ['MERGE', 'it writes'],
  'SelectStmt.intoClause': ['SELECT INTO', 'it makes a table', 'the same SELECT without INTO'],
  'SelectStmt.lockingClause': [
    'a row lock (FOR UPDATE, FOR SHARE …)',
    'it locks rows',
    'the same SELECT without it',
  ],
  TransactionStmt: ['transaction control', 'it would leave the read-only transaction'],
  VariableSetStmt: ['SET or RESET', 'it changes the session'],
  CopyStmt: ['COPY', 'it reaches files, programs or the protocol of the connection', '`query --csv`'],
  DoStmt: ['DO', 'it runs code'],
  CallStmt: ['CALL', 'it runs code, which may commit'],
  ExecuteStmt: ['EXECUTE', 'what it runs cannot be seen'],
  PrepareStmt: ['PREPARE', 'it keeps a statement in the session'],
  DeclareCursorStmt: ['DECLARE', 'a cursor may outlive its transaction', 'the SELECT itself'],
  FetchStmt: ['FETCH', 'there is no cursor', '`limit` and `offset`'],
  LockStmt: ['LOCK', 'it locks a table'],
  NotifyStmt: ['NOTIFY', 'it sends a message'],
  ListenStmt: ['LISTEN', 'it changes the session'],
  UnlistenStmt: ['UNLISTEN', 'it changes the session'],
  CreateTableAsStmt: ['CREATE TABLE AS', 'it writes'],
  CreateStmt: ['CREATE TABLE', 'it writes'],
  ViewStmt: ['CREATE VIEW', 'it writes'],
  IndexStmt: ['CREATE INDEX', 'it writes'],
  RefreshMatViewStmt: ['REFRESH MATERIALIZED VIEW', 'it writes'],
  VacuumStmt: ['VACUUM or ANALYZE', 'it writes'],
  SecLabelStmt: ['SECURITY LABEL', 'it writes'],
  XmlExpr: ['an XML expression', 'XML may expand without limit'],
  XmlSerialize: ['an XML expression', 'XML may expand without limit'],
  RangeTableFunc: ['XMLTABLE', 'XML may expand without limit'],
  ParamRef: ['a parameter', 'nobody gives it a value', 'the value itself'],
  'RangeVar.catalogname': ['the name of a database', 'a read stays in its database', 'schema.table'],
  'TypeName.setof': ['SETOF', 'no value has such a type'],
  'TypeName.pct_type': ['%TYPE', 'it names a column and no type', 'the type itself'],
};

export const NO_READ =
  'only SELECT, VALUES, TABLE, EXPLAIN of one of these, and SHOW of one setting are reads';

/** A kind of node, or a field of one, that is refused: its name, why, the permitted form. */
export function spoken(
  kind: string,
  field?: string,
): readonly [construct: string, reason: string, instead?: string] {
  const key = field === undefined ? kind : `${kind}.${field}`;
  const name = kind
    .replace(/Stmt$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
  const shown = field === undefined ? name : `${name} with ${field}`;
  const isStatement = field === undefined && kind.endsWith('Stmt');
  return (
    SPOKEN[key] ?? [shown, isStatement ? NO_READ : 'it is not among the constructs that a read may hold']
  );
}
