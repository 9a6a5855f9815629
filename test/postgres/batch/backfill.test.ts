import { containing } from '../shop';
import { COUNT_UP, counters, openBackfill } from './backfill';

describe('a backfill', () => {
  it('is refused, and changes nothing, where it writes what its gate reads', async () => {
    const backfill = await openBackfill(counters(10));
    const gates = [{ gate: 'rollout', sql: 'select count(*) from counters', opens: '> 0' }];
    await expect(backfill.apply({ change: { gates } })).rejects.toMatchObject({
      code: 'GATE_WRITTEN',
      message: containing('public.counters'),
    });
    expect(await backfill.counted()).toEqual([0, 0]);
  });

  it('changes every row once, in many transactions, and is found applied afterwards', async () => {
    const backfill = await openBackfill(counters(5_000), { rule: { size: 300 } });
    const { result, measures } = await backfill.measured();
    expect(result).toMatchObject({
      outcome: 'applied',
      found: false,
      statements: 1,
      rows: 5_000,
      touched: ['public.counters'],
    });
    const lock = { relation: 'public.counters', mode: 'RowExclusiveLock', blocks: 'schema changes' };
    expect(measures).toMatchObject([{ number: 1, rows: 5_000 }]);
    expect(measures[0]?.locks).toContainEqual(expect.objectContaining(lock));
    expect(await backfill.counted()).toEqual([1, 1]);
    const walked = 'select batches::int, rows_changed::int as rows, cursor from one_roof.batch';
    const { batches, ...rest } = await backfill.one(walked);
    expect(rest).toEqual({ rows: 5_000, cursor: '5000' });
    expect(batches).toBeGreaterThan(2);
    expect(await backfill.one('select count(distinct xmin::text)::int as n from counters')).toEqual({
      n: batches,
    });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', found: true });
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('adapts the size of its batches to their duration', async () => {
    const quick = await openBackfill(counters(20_000), { rule: { size: 10, duration: '10s' } });
    await quick.apply();
    const sizes = 'select array_agg(keys::int order by number) as sizes from one_roof.batch_range';
    expect(await quick.one(`${sizes} where number < 6`)).toEqual({ sizes: [10, 20, 40, 80, 160] });
    const slow = await openBackfill(counters(200), { rule: { size: 64, duration: '1ms' } });
    await slow.apply();
    expect(await slow.one(`${sizes} where number < 6`)).toEqual({ sizes: [64, 32, 16, 8, 4] });
    expect(await slow.counted()).toEqual([1, 1]);
  });

  it('tells how far it is, how fast, and how long it will take', async () => {
    const notes: string[] = [];
    const done: number[] = [];
    const backfill = await openBackfill(counters(4_000), { rule: { size: 1_000, duration: '5s' } });
    await backfill.others('analyze counters');
    const onProgress = (progress: { done: number; total: number; note?: string | undefined }): void => {
      notes.push(progress.note ?? '');
      done.push(progress.done);
      expect(progress.total).toBe(4_000);
    };
    await backfill.apply({ onProgress });
    expect(done[0]).toBe(1_000);
    expect(done.at(-1)).toBe(4_000);
    expect(notes[0]).toMatch(/^1000 keys in \d+ ms, \d+ a second, \d+ s left$/);
  });

  it.each([
    ['a key of type bigint with gaps', 'id bigint primary key', 'i * 1000 - 5000000'],
    ['a key of type integer', 'id int primary key', 'i'],
    ['a key of type numeric', 'id numeric(12, 3) primary key', 'i / 7.0'],
    ['a key of type text', 'id text primary key', `md5(i::text) || E' \\\\ '' "ü'`],
    [
      'a key of type text in the order of a language',
      'id text collate "und-x-icu" primary key',
      `chr(64 + i % 60) || i`,
    ],
    ['a key of type varchar', 'id varchar(40) not null unique', 'md5(i::text)'],
    ['a key of type char', 'id char(12) primary key', `i::text`],
    ['a key of type uuid', 'id uuid primary key', 'md5(i::text)::uuid'],
    ['a key of type date', 'id date primary key', `date '4000-01-01 BC' + i * 999`],
    [
      'a key of type timestamptz',
      'id timestamptz primary key',
      `timestamptz '2026-10-25 00:00:00.000001+00' + i * interval '1.001 s'`,
    ],
    ['a key of a domain', 'id positive primary key', 'i'],
  ])('walks through %s', async (_, column, value) => {
    const backfill = await openBackfill(
      `create domain positive as bigint check (value > 0);
       create table counters (${column}, n int not null default 0);
       insert into counters (id) select ${value} from generate_series(1, 100) i`,
      { rule: { size: 7, duration: '1ms' } },
    );
    await backfill.others(`alter database "${backfill.database}" set datestyle = 'sql, dmy'`);
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', rows: 100 });
    expect(await backfill.counted()).toEqual([1, 1]);
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', rows: 100 });
    expect(await backfill.counted()).toEqual([0, 0]);
  });

  it('is applied where the table is empty, and rolled back', async () => {
    const backfill = await openBackfill(counters(0));
    await expect(backfill.apply()).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
      rows: 0,
      touched: [],
    });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', found: true });
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', rows: 0 });
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', found: true });
  });

  it('meets what others add ahead of it, and not what they add behind', async () => {
    const backfill = await openBackfill(counters(200, 'i * 50'), { rule: { size: 20, duration: '1ms' } });
    await backfill.others(`create function add() returns trigger language plpgsql as $$ begin
      if (select count(*) from counters where id in (5, 9995)) = 0 then insert into counters (id) values (5), (9995); end if;
      return null; end $$;
      create trigger add after update on counters for each statement execute function add();`);
    await backfill.apply();
    expect(await backfill.one('select n from counters where id = 5')).toEqual({ n: 0 });
    expect(await backfill.one('select n from counters where id = 9995')).toEqual({ n: 1 });
    expect(await backfill.one('select count(*)::int as n from counters where n <> 1')).toEqual({ n: 1 });
  });

  it('is held by a gate that closes on the way, and goes on when it is open again', async () => {
    const backfill = await openBackfill(
      `${counters(200)}; create table approvals (id int); insert into approvals values (1)`,
      { rule: { size: 20, duration: '1ms' } },
    );
    const gates = [{ gate: 'rollout', sql: 'select count(*) from approvals', opens: '> 0' }];
    let batches = 0;
    const closing: Promise<unknown>[] = [];
    const onProgress = (): void => {
      batches += 1;
      if (batches === 2) closing.push(backfill.others('delete from approvals'));
    };
    const sql = `with slowly as (select pg_sleep(0.05)) ${COUNT_UP} and exists (select from slowly)`;
    await expect(backfill.apply({ sql, change: { gates }, onProgress })).resolves.toMatchObject({
      outcome: 'gate closed',
      readings: [{ open: true }, { open: false }],
    });
    await Promise.all(closing);
    const { batches: done } = await backfill.one('select batches::int from one_roof.batch');
    expect(done).toBeGreaterThanOrEqual(2);
    await expect(backfill.apply({ change: { gates } })).resolves.toMatchObject({ outcome: 'gate closed' });
    expect(await backfill.one('select batches::int from one_roof.batch')).toEqual({ batches: done });
    await backfill.others('insert into approvals values (1)');
    await expect(backfill.apply({ change: { gates } })).resolves.toMatchObject({
      outcome: 'applied',
      rows: 200,
    });
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('keeps its promises about metrics over all of its attempts', async () => {
    const backfill = await openBackfill(`${counters(300)}; create table kept (id int)`, {
      rule: { size: 100, duration: '100ms' },
      rules: { expect: { behind: 0 }, inert: ['kept'] },
    });
    const probe = [
      `select 'behind' as metric, count(*) as value from counters where n = 0`,
      `select 'kept' as metric, count(*) as value from kept`,
    ];
    const sql = `${COUNT_UP} and 1 / (300 - id) >= 0`;
    await expect(backfill.apply({ probe, sql })).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    await backfill.others('insert into kept values (1)');
    await expect(backfill.apply({ probe })).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      message: containing('kept moved from 0 to 1'),
    });
    await backfill.others('delete from kept; update counters set n = 0 where id = 7');
    await expect(backfill.apply({ probe })).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      message: containing('behind is 1, expected 0'),
    });
  });

  it('says where and why a statement fails; what is done stays for the next attempt', async () => {
    const backfill = await openBackfill(counters(300), { rule: { size: 100, duration: '10s' } });
    const sql = `${COUNT_UP}\n and 1 / (250 - id) <= 1`;
    await expect(backfill.apply({ sql })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      details: { sqlstate: '22012', file: '40_counters.sql', line: 1, batches: 1 },
    });
    expect(await backfill.one('select count(*)::int as n from counters where n = 1')).toEqual({ n: 100 });
  });
});

describe('the key of a backfill', () => {
  it.each([
    ['create table counters (id int, n int)', 'may be null'],
    ['create table counters (id int not null, n int)', 'has no unique index of its own'],
    [
      'create table counters (id int not null, n int); create unique index on counters (id) where n > 0',
      'has no unique index of its own',
    ],
    ['create table counters (id int, n int, primary key (id, n))', 'has no unique index of its own'],
    ['create table counters (id float8 primary key, n int)', 'is of type double precision'],
    [
      'create table counters (key int primary key, n int)',
      'there is no table public.counters with a column id',
    ],
    ['create view counters as select 1 as id, 1 as n', 'there is no table public.counters with a column id'],
  ])('is refused: %s', async (sql, why) => {
    const backfill = await openBackfill(sql);
    await expect(backfill.apply()).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      message: containing(why),
    });
    expect(await backfill.count('one_roof.batch')).toBe(0);
  });

  it('is compared in its own type, or ranges would overlap', async () => {
    const backfill = await openBackfill('create table counters (id int primary key, code text, n int)');
    const sql = 'update counters set n = 1 where code between $1 and $2';
    await expect(backfill.apply({ sql })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      message: containing(
        '40_counters.sql:1: it takes its bounds as text, the key public.counters.id is integer',
      ),
    });
    await expect(
      backfill.apply({ sql: 'delete from counters where\n no between $1 and $2' }),
    ).rejects.toMatchObject({
      message: containing('40_counters.sql:2:2 statement 1\n   no between $1 and $2\n   ^'),
    });
  });
});
