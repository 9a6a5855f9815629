import { judge } from '../../src/read-channel/judge';
import { isPermittedNode } from '../../src/read-channel/nodes';
import { refusedRead } from '../../src/read-channel/refusal';

const CLOSED = { functions: [] };
const NAMES_COLUMNS: unknown = expect.stringContaining('name the columns of');
const OPERATORS: unknown = expect.arrayContaining(
  ['=', '<'].map((name): unknown => expect.objectContaining({ name })),
);
const FIELDS: unknown = expect.arrayContaining(
  [
    { name: 'f', of: 'a' },
    { name: 'g', of: null },
  ].map((field): unknown => expect.objectContaining(field)),
);

describe('the tree of a read', () => {
  it.each([
    ['select pg_catalog.lower(a.name) from public.accounts a', 'what is qualified'],
    [
      "select * from rows from (generate_series(1, 2), jsonb_to_recordset('[]') as (a int)) with ordinality",
      'functions in FROM',
    ],
    [
      'with recursive t(n) as (select 1 union all select n + 1 from t) search depth first by n set o select * from t limit 1',
      'SEARCH',
    ],
    [
      'with recursive t(n) as (select 1 union all select n from t) cycle n set c to true default false using p select * from t',
      'CYCLE',
    ],
    [
      'select count(*) filter (where a > 1) over (partition by b order by c rows between 1 preceding and current row exclude ties) from t',
      'windows',
    ],
    ['select * from t tablesample system (1) repeatable (2)', 'samples'],
    ['select grouping(a), sum(b) from t group by grouping sets ((a), cube (a, b), ())', 'grouping sets'],
    [
      "select x[1:2], (y).z, row(1, 2), array[[1], [2]], a at time zone 'UTC', case a when 1 then 2 end from t",
      'expressions',
    ],
    [
      'select a from t where a in (select 1) and exists (select 1) and b = any (array[1]) and c between symmetric 1 and 2',
      'conditions',
    ],
    ['explain (verbose, costs off, format json, settings, buffers off) select 1', 'EXPLAIN'],
    ['show server_version', 'SHOW'],
    [
      "select pid, state, wait_event from pg_stat_activity a where a.state = 'active'",
      'permitted columns of a catalog',
    ],
    ['with a as (select pid from pg_stat_activity) select *, a.* from a', '* of a subquery'],
    ['select statistics_name, n_distinct from pg_stats_ext', 'statistics without values'],
    ['show checkpoint_timeout', 'SHOW of another'],
    ['select make_interval(days => 1), concat(variadic array[1, 2])', 'named and variadic arguments'],
    ['values (1), (2) order by 1 limit 1', 'VALUES'],
    [
      "select format('%I.%1$s %% 99999', a), translate(a, 'áé', 'ae') from t",
      'patterns and lists that are seen',
    ],
  ])('lets through %s: %s', async (text) => {
    expect(await judge(text, CLOSED)).toHaveProperty('permitted.text', text);
  });

  it.each([
    ['select 1 from rows from (generate_series(1, 2), pg_sleep(1))', 'function pg_sleep', 48],
    ['select sum(1) over (rows between pg_sleep(1) preceding and current row)', 'function pg_sleep', 33],
    ['select max(1 order by pg_sleep(1))', 'function pg_sleep', 22],
    ["select x[nextval('s')]", 'function nextval', 9],
    ['select * from t tablesample bernoulli (random()) repeatable (setseed(1))', 'function setseed', 61],
    ['select * from t tablesample app.mine (1)', 'TABLESAMPLE app.mine', 28],
    ['select pg_catalog.current_setting(n) from t', 'setting whose name is no constant', 7],
    ["select current_setting('app.secret')", 'setting app.secret', 7],
    ['show app.secret', 'setting app.secret', 0],
    [
      'select * from (pg_database d join pg_stat_activity a on true) join pg_class on true',
      'columns of pg_stat_activity',
      7,
    ],
    ['select most_common_vals from pg_stats_ext', 'columns of pg_stats_ext', 7],
    ["select format('%1$99999s', 'x')", 'this call of format', 7],
    ["select format('%*s', 9, 'x')", 'this call of format', 7],
    ["select format(a, 'x') from t", 'this call of format', 7],
    ["select repeat('xy', 50001)", 'this call of repeat', 7],
    ["select repeat(repeat('x', 9), 9)", 'this call of repeat', 7],
    ["select a like '%' || repeat('a', 9) from t", 'this call of LIKE', 9],
    ["select lpad('x', 10000000000)", 'this call of lpad', 7],
    ["select strpos(a, repeat('a', 9)) from t", 'this call of strpos', 7],
    ['select position(a || b in c) from t', 'this call of position', 7],
    ['select trim(both a || b from c) from t', 'this call of btrim', 7],
    ['select array_fill(1, array[9])', 'this call of array_fill', 7],
    ['select int4multirange(variadic a) from t', 'this call of int4multirange', 7],
    ["select translate(a, b || c, 'x') from t", 'this call of translate', 7],
    ['explain analyze select 1', 'EXPLAIN with option ANALYZE', 8],
    ['explain (analyse off) select 1', 'EXPLAIN with option ANALYZE', 9],
    ['explain (costs, analyze, costs) select 1', 'EXPLAIN with option ANALYZE', 16],
    ['explain create table x as select 1', 'CREATE TABLE AS', 0],
    ['explain declare c cursor for select 1', 'DECLARE', 0],
    ['select $1', 'a parameter', 7],
    ['select 5::here.public.kind', 'the name of a database', 10],
    ['select here.pg_catalog.lower(a) from t', 'function here.pg_catalog.lower', 7],
    ['select * from other.public.t', 'the name of a database', 14],
    ['select * from one_roof.target', 'relation one_roof.target', 14],
    ['select * from pg_toast.pg_toast_1', 'relation pg_toast.pg_toast_1', 14],
    [
      'select * from information_schema.user_mapping_options',
      'relation information_schema.user_mapping_options',
      14,
    ],
    ['table pg_catalog.pg_db_role_setting', 'relation pg_catalog.pg_db_role_setting', 6],
    ['select xmlelement(name a)', 'an XML expression', 7],
    ["select * from xmltable('/a' passing '<a/>' columns b text)", 'XMLTABLE', 14],
    ["select '<a/>'::xml", 'type xml', 15],
    ["select '{<a/>}'::_xml", 'type _xml', 17],
    ['select 1 operator(app.+) 2', 'operator app.+', 9],
    ["select * from json_table('{}', '$' columns (a int path '$'))", 'JSON TABLE', 14],
    ['/* nothing */ ;', 'no statement', 0],
    ['select 1; select 2', 'more than one statement', 10],
  ])('refuses %j: %s at byte %d', async (text, construct, location) => {
    expect(await judge(text, CLOSED)).toMatchObject({ refused: { construct, location } });
  });

  it.each([
    'select * from pg_stat_activity',
    'table pg_stat_activity',
    'select query from pg_stat_activity',
    'select a.query from pg_stat_activity a',
    'select a from pg_stat_activity a',
    'select a::text from pg_stat_activity a',
    'select row_to_json(a) from pg_stat_activity a',
    'select a.to_json from pg_stat_activity a',
    'select (a).query from pg_stat_activity a',
    'select pg_stat_activity.query from pg_catalog.pg_stat_activity',
    'select c20 from pg_stat_activity a(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20)',
    'select j.to_jsonb from (pg_stat_activity a cross join t) j',
    'select 1 from t natural join pg_stat_activity',
    'select 1 from t join pg_stat_activity using (query)',
    "select pid from pg_stat_activity where query like '%a%'",
    'select pid from pg_stat_activity order by query',
    'with a as (table pg_stat_activity) select 1 from a',
    'select rolconfig from pg_roles',
  ])('shows no column of a catalog that may not be read: %s', async (text) => {
    expect(await judge(text, CLOSED)).toMatchObject({
      refused: { layer: 'tree', instead: NAMES_COLUMNS },
    });
  });

  it('lets call what the target opens, by that name alone', async () => {
    const opened = { functions: ['app.is_open'] };
    expect(await judge('select app.is_open(), is_open()', opened)).toHaveProperty('permitted');
    expect(await judge('select public.is_open()', opened)).toMatchObject({
      refused: { construct: 'function public.is_open' },
    });
    expect(await judge('select app.other()', opened)).toHaveProperty('refused');
    const sleeping = { functions: ['app.pg_sleep'] };
    expect(await judge('select app.pg_sleep(1)', sleeping)).toHaveProperty('permitted');
    expect(await judge('select pg_sleep(1)', sleeping)).toHaveProperty('refused');
  });

  it('knows no node that writes, defines or controls', () => {
    const kinds = [
      'InsertStmt',
      'UpdateStmt',
      'DeleteStmt',
      'MergeStmt',
      'IntoClause',
      'LockingClause',
      'TransactionStmt',
      'CopyStmt',
      'DoStmt',
    ];
    expect(kinds.filter(isPermittedNode)).toEqual([]);
    expect(['constructor', '__proto__', 'toString'].filter(isPermittedNode)).toEqual([]);
  });

  it('names all that is for the database to resolve', async () => {
    const text =
      'select a.f, (r).g, x::app.kind from s.t a join (select 1) r using (id) where lower(n) in (select 2) order by m using <';
    expect(await judge(text, CLOSED)).toMatchObject({
      permitted: {
        names: {
          functions: [{ schema: null, name: 'lower', byNames: false }],
          operators: OPERATORS,
          types: [{ schema: 'app', name: 'kind' }],
          relations: [{ schema: 's', name: 't', alias: 'a' }],
          fields: FIELDS,
          otherAliases: ['r'],
        },
      },
    });
  });
});

describe('a refusal', () => {
  it('says which construct, where, why, and what is permitted', async () => {
    const text = 'select id,\n  x.y\nfrom "Ä" for update';
    const judged = await judge(text, CLOSED);
    const error = 'refused' in judged ? refusedRead(text, judged.refused) : undefined;
    expect(error?.message).toBe(
      'query:1:1: a row lock (FOR UPDATE, FOR SHARE …): it locks rows\n  select id,\n  ^',
    );
    expect(error?.hint).toBe('Permitted: the same SELECT without it');
    expect(error?.details).toMatchObject({ layer: 'tree', line: 1, column: 1 });
  });
});
