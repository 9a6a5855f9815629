import { ReleaseError } from '../../../src/core/rules/release-error';
import { askOnce } from '../../../src/postgres/channel/ask';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { judgeRead } from '../../../src/read-channel/judge';
import { plantedDatabase } from './planted';

let reader: Endpoint;

beforeAll(async () => {
  reader = await plantedDatabase();
});

describe('what the names of a read mean', () => {
  it.each([
    // functions
    ['select lower(t) from indexed'],
    ["select pg_catalog.upper('x'), pg_catalog.abs(1), pg_catalog.sum(id) from plain"],
    // operators
    ['select 1 <<<>>> 2'],
    ["select '(1,1)'::point <-> '(1,1)'"],
    ['select id from plain where id OPERATOR(pg_catalog.=) 1'],
    // fields
    ['select p.pg_sleep, p.id from plain p'],
    ['select p.pg_sleep from (select pg_sleep from plain) as s, plain p'],
    // types and casts
    ["select '{1}'::int[], now()::date, 1.5::numeric(10, 2), 'calm'::mood, null::_text, '[1,2)'::int4range"],
    ['select mood, to_json(mood) from moods'],
    ["select note from notes union all select 'x'"],
    ["select word, max(word) over (), word::text from words where word > 'a'"],
    // relations
    ['select * from fine'],
    ['select l.label from labels l'],
    ["select x.format, x.state from (select 'csv' as format, 1 as state) x"],
    ['select * from kept'],
    ['select * from guarded_plainly'],
    ['select id from indexed'],
    ['select id from checked'],
    ['select relname from pg_class limit 1'],
    ['select table_name from information_schema.tables limit 1'],
    ['with plain as (select 1 as x) select x from plain'],
  ])('lets through: %s', async (text) => {
    await expect(asked(text)).resolves.toMatchObject({ more: false });
  });

  it.each([
    // functions that the arguments might choose
    ["select upper('x')", 'function upper', 'public.upper(integer)'],
    ['select concat(1, 2)', 'function concat', 'public.concat(integer[])'],
    ['select abs(1)', 'function abs', 'public.abs(integer, integer)'],
    ['select sum(id) from plain', 'function sum', 'public.sum(text)'],
    // operators
    ['select ### 0.0', 'operator ###', 'pg_catalog.pg_sleep(double precision)'],
    ['select id from plain where id = 1', 'operator =', 'planted.same(point, text)'],
    ['select case id when 1 then 2 end from plain', 'operator =', 'planted.same(point, text)'],
    ['select id from plain where id in (select 1)', 'operator =', 'planted.same(point, text)'],
    ['select 1 from plain a join plain b using (id)', 'operator =', 'planted.same(point, text)'],
    ['select @@@@ 1', 'operator @@@@', 'planted.sneaks(integer)'],
    // fields that are functions
    [
      'select x.pg_sleep from generate_series(1, 2) as x',
      'field pg_sleep',
      'pg_catalog.pg_sleep(double precision)',
    ],
    ['select (10).pg_sleep', 'field pg_sleep', 'pg_catalog.pg_sleep(double precision)'],
    ['select p.secret_of from plain p', 'field secret_of', 'public.secret_of(plain)'],
    ['select plain.secret_of from plain', 'field secret_of', 'public.secret_of(plain)'],
    ['select s.any_row from (select 1 as x) s', 'field any_row', 'public.any_row(record)'],
    ['select p.id from plain as p(a, b, c)', 'field id', 'public.id(plain)'],
    ['with plain as (select 1 as x) select plain.id from plain', 'field id', 'public.id(plain)'],
    ["select ('x'::varchar).initcap", 'type initcap', 'functions of this database'],
    ['select initcap(5)', 'type initcap', 'functions of this database'],
    // types
    ['select cast(5 as evt)', 'type evt', 'functions of this database'],
    ['select null::plain', 'type plain', 'functions of this database'],
    ["select '{}'::pair[]", 'type pair', 'functions of this database'],
    ["select '{}'::_pair", 'type pair', 'functions of this database'],
    ["select 'x'::mail", 'type mail', 'functions of this database'],
    [`select * from json_to_record('{"a": 1}') as x(a mail)`, 'type mail', 'functions of this database'],
    ["select email from people union all select 'x'", 'domain mail', 'planted.holds(text)'],
    ["select array_append(others, 'x') from people", 'domain mail', 'planted.holds(text)'],
    ['select to_jsonb(pair) from pairs', 'cast (pair as jsonb)', 'planted.pair_json(pair)'],
    ['select span from spans', 'type span', 'planted.apart(double precision, double precision)'],
    ["select t from worded w where w like 'x'", 'cast (worded as text)', 'planted.worded_text(worded)'],
    ['select length(w) from worded w', 'cast (worded as text)', 'planted.worded_text(worded)'],
    ['select array[tint] + 1 from tints', 'cast (tint[] as integer)', 'planted.tints_int(tint[])'],
    ["select '{pale}'::tint[] + 1", 'cast (tint[] as integer)', 'planted.tints_int(tint[])'],
    ['select b.lid from boxed b', 'field lid', 'public.lid(box_of)'],
    ["select ('[x,y]'::text).age", 'type age', 'functions of this database'],
    ["select ('x'::text).label from labels", 'type label', 'functions of this database'],
    // calls whose arguments nobody has looked at
    ["select ('a.secret'::text).current_setting", 'field current_setting', 'pg_catalog.current_setting'],
    // relations
    ['select * from runs', 'view public.runs', 'planted.runs(text)'],
    ['select * from runs_deep', 'view public.runs', 'planted.runs(text)'],
    ['select * from sleeps', 'view public.sleeps', 'pg_catalog.pg_sleep(double precision)'],
    ['select * from sleeps_by_operator', 'view public.sleeps_by_operator', 'pg_catalog.pg_sleep'],
    ['select * from sums', 'view public.sums', 'public.sum(text)'],
    ['select * from coerces', 'domain mail', 'planted.holds(text)'],
    ['select * from snoops', 'relation pg_catalog.pg_stat_activity', 'snoops reads it'],
    ['select * from guarded', 'row security of public.guarded', 'planted.holds(text)'],
    ['select * from watched', 'view public.runs', 'planted.runs(text)'],
    ['select * from guarded_view', 'row security of public.guarded', 'planted.holds(text)'],
    ['select id from folded_index', 'relation public.folded_index', 'planted.seems_immutable(text)'],
    ['select id from folded_condition', 'relation public.folded_condition', 'planted.holds(text)'],
    [
      'select id from folded_statistics',
      'relation public.folded_statistics',
      'planted.seems_immutable(text)',
    ],
    ['select id from folded_key', 'relation public.folded_key', 'planted.seems_immutable(integer)'],
    ['select id from opened_index', 'relation public.opened_index', 'planted.opens(text)'],
    ['select id from far', 'relation public.far', 'no table, view or sequence'],
    ['select id from far_view', 'relation public.far', 'far_view reads it'],
    ['select id from near', 'relation public.near_far', 'near reads it'],
  ])('refuses: %s', async (text, construct, reason) => {
    const refused = await asked(text).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ReleaseError);
    expect(refused).toMatchObject({ code: 'QUERY_REFUSED', details: { layer: 'names', construct } });
    expect(String(refused)).toContain(reason);
  });

  it('points at the place, and says what is permitted instead', async () => {
    await expect(asked('select 1,\n       upper(7)')).rejects.toMatchObject({
      message:
        'query:2:8: function upper: public.upper(integer) would be reachable too, and it is not opened\n' +
        '         upper(7)\n         ^',
      details: { line: 2, column: 8 },
      hint: 'Permitted: pg_catalog.upper(…)',
    });
  });

  it.each([
    ["select 'x'::text from people", 'planted.holds'],
    ['select count(*) from opened_index', 'planted.opens'],
    ['select count(*) from guarded', 'planted.holds'],
    ["select upper('x')", 'public.upper'],
  ])('lets through what the target opens: %s', async (text, opened) => {
    await expect(asked(text)).rejects.toMatchObject({ code: 'QUERY_REFUSED' });
    await expect(asked(text, [opened])).resolves.toMatchObject({ more: false });
  });
});

async function asked(text: string, functions: readonly string[] = []): Promise<unknown> {
  const opened = { functions };
  return await askOnce(reader, { read: await judgeRead(text, opened), opened });
}
