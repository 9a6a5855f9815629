import { containing } from '../shop';
import { COUNT_DOWN, COUNT_UP, counters, openBackfill } from './backfill';

const SMALL = { size: 50, duration: '10s' };

describe('the rollback of a backfill', () => {
  it('goes back over the ranges of the apply, the last one first', async () => {
    const backfill = await openBackfill(
      `${counters(350)}; create table met (number serial, id bigint);
       create function meet() returns trigger language plpgsql as $$ begin
         if new.n < old.n then insert into met (id) values (new.id); end if; return null; end $$;
       create trigger meet after update on counters for each row execute function meet()`,
      { rule: SMALL },
    );
    await backfill.apply();
    await expect(backfill.rollBack()).resolves.toMatchObject({
      outcome: 'rolled back',
      rows: 350,
      touched: ['public.counters', 'public.met'],
    });
    const order =
      'select array_agg(id::int order by number) as ids from met where id in (1, 50, 51, 151, 350)';
    expect(await backfill.one(order)).toEqual({ ids: [151, 350, 51, 1, 50] });
    expect(await backfill.counted()).toEqual([0, 0]);
  });

  it('holds back before it changes a row that others wrote', async () => {
    const backfill = await openBackfill(counters(350, 'i * 10'), { rule: SMALL });
    await backfill.apply();
    await backfill.others('insert into counters (id) values (605)');
    await expect(backfill.rollBack()).rejects.toMatchObject({
      code: 'OTHERS_ROWS',
      message: containing(
        'batch 2 of tier 40_counters would change rows that others wrote: 101 rows changed where 100 had been',
      ),
    });
    expect(await backfill.one('select n from counters where id = 605')).toEqual({ n: 0 });
    expect(await backfill.one('select count(*)::int as n from counters where n = 1')).toEqual({ n: 150 });
    await expect(backfill.rollBack({ sql: `${COUNT_DOWN} and n = 1` })).resolves.toMatchObject({
      outcome: 'rolled back',
    });
    expect(await backfill.counted()).toEqual([0, 0]);
  });

  it('holds back before it takes rows of others away, where people were not told', async () => {
    const backfill = await openBackfill(
      `${counters(100)}; create table items (id int references counters on delete cascade)`,
      { rule: SMALL },
    );
    await backfill.others('insert into items values (7), (8)');
    const away = { sql: 'delete from counters where id between $1 and $2' };
    await backfill.apply();
    await expect(backfill.rollBack(away)).rejects.toMatchObject({
      code: 'OTHERS_ROWS',
      message: containing('public.counters: 50 rows'),
    });
    await expect(backfill.rollBack({ ...away, change: { acceptsLoss: true } })).resolves.toMatchObject({
      outcome: 'rolled back',
      touched: ['public.counters', 'public.items'],
    });
  });

  it('finds its way where the rows themselves have moved', async () => {
    const backfill = await openBackfill(`${counters(350)}; create table cold (like counters including all)`, {
      rule: SMALL,
    });
    const move = (from: string, to: string) => ({
      sql: `with gone as (delete from ${from} where id between $1 and $2 returning *) insert into ${to} select * from gone`,
    });
    await expect(backfill.apply(move('counters', 'cold'))).resolves.toMatchObject({ rows: 350 });
    expect(await backfill.count('counters')).toBe(0);
    await expect(backfill.rollBack(move('cold', 'counters'))).resolves.toMatchObject({
      outcome: 'rolled back',
      rows: 350,
    });
    expect([await backfill.count('counters'), await backfill.count('cold')]).toEqual([350, 0]);
    await expect(backfill.apply(move('counters', 'cold'))).resolves.toMatchObject({
      outcome: 'applied',
      rows: 350,
    });
  });

  it('takes back what was half applied, and no more', async () => {
    const backfill = await openBackfill(counters(350), { rule: SMALL });
    await expect(backfill.rollBack()).resolves.toEqual({ outcome: 'not applied' });
    const dying = backfill.apply({ sql: `${COUNT_UP} and 1 / (200 - id) <= 1` });
    await expect(dying).rejects.toMatchObject({ code: 'STATEMENT_FAILED', details: { batches: 2 } });
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', rows: 150 });
    expect(await backfill.counted()).toEqual([0, 0]);
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', found: true });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', rows: 350 });
    await expect(backfill.rollBack()).resolves.toMatchObject({ outcome: 'rolled back', rows: 350 });
    await expect(backfill.apply()).resolves.toMatchObject({ outcome: 'applied', rows: 350 });
    expect(await backfill.counted()).toEqual([1, 1]);
  });

  it('may be another release’s, and spares what an earlier one applied', async () => {
    const first = await openBackfill(counters(350), { rule: SMALL });
    await first.apply();
    await first.close();
    const second = await openBackfill('', { rule: SMALL, release: 'second', database: first.database });
    await expect(second.apply()).resolves.toEqual({ outcome: 'already applied', release: 'first' });
    await expect(second.rollBack()).resolves.toEqual({ outcome: 'not applied' });
    await expect(second.rollBack({ change: { of: 'first' } })).resolves.toMatchObject({
      outcome: 'rolled back',
      rows: 350,
    });
    expect(await first.counted()).toEqual([0, 0]);
    await expect(second.rollBack({ change: { of: 'first' } })).resolves.toMatchObject({ found: true });
    await expect(second.apply()).resolves.toMatchObject({ outcome: 'applied', found: false });
    expect(await first.counted()).toEqual([1, 1]);
  });

  it('is asked of the release that stopped halfway before another one may begin', async () => {
    const first = await openBackfill(counters(350), { rule: SMALL });
    const dying = first.apply({ sql: `${COUNT_UP} and 1 / (200 - id) <= 1` });
    await expect(dying).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    await first.close();
    const second = await openBackfill('', { rule: SMALL, release: 'second', database: first.database });
    await expect(second.apply()).rejects.toMatchObject({
      code: 'TIER_HALF_DONE',
      message: 'tier 40_counters is half applied by first: 2 batches, 150 rows',
    });
    await expect(second.rollBack()).resolves.toEqual({ outcome: 'not applied' });
    await expect(second.rollBack({ change: { of: 'first' } })).resolves.toMatchObject({
      outcome: 'rolled back',
      rows: 150,
    });
    await expect(second.apply()).resolves.toMatchObject({ outcome: 'applied', rows: 350 });
    expect(await first.counted()).toEqual([1, 1]);
  });
});
