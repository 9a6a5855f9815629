import { dyingAt, openAutocommitRelease } from './autocommit-release';
import { containing } from './shop';

const SQL = `create table orders (id int, n int);
  create table approvals (id int); insert into approvals values (1); grant all on approvals to public`;
const APPLY = `create index concurrently orders_id on orders (id);
create index concurrently orders_n on orders (n)`;
const ROLLBACK = `drop index concurrently if exists orders_n;
drop index concurrently if exists orders_id`;
const GATES = [{ gate: 'rollout', sql: 'select count(*) from approvals', opens: '> 0' }];
const PROBE = `select 'indexes' as metric, count(*) as value from pg_indexes where tablename = 'orders'`;

describe('the hard gate of a tier outside transactions', () => {
  it('is read before every statement: one that closes in between holds the rest back, and what is done stays', async () => {
    const shop = await openAutocommitRelease(SQL);
    const old = await shop.oldTransaction('select * from orders');
    const running = shop.attempt(1, { apply: APPLY, change: { gates: GATES } });
    await shop.untilItWaits();
    await shop.others('delete from approvals');
    await old.end();
    await expect(running).resolves.toMatchObject({
      outcome: 'gate closed',
      readings: [{ open: true }, { open: false }],
    });
    expect(await shop.indexes()).toEqual(['orders_id']);
    expect(await shop.steps()).toEqual([[1, 'done']]);

    await shop.others('insert into approvals values (2)');
    await expect(shop.attempt(2, { apply: APPLY, change: { gates: GATES } })).resolves.toMatchObject({
      outcome: 'applied',
      ran: [{ number: 2 }],
    });
    expect(await shop.indexes()).toEqual(['orders_id', 'orders_n']);
  });

  it('is read last too, before the tier counts as applied', async () => {
    const shop = await openAutocommitRelease(SQL);
    const closing = {
      ...GATES[0],
      gate: 'rollout',
      opens: '> 0',
      sql: `select count(*) from approvals where not exists (select from pg_indexes where indexname = 'orders_n')`,
    };
    await expect(shop.attempt(1, { apply: APPLY, change: { gates: [closing] } })).resolves.toMatchObject({
      outcome: 'gate closed',
    });
    expect(await shop.count('one_roof.in_effect')).toBe(0);
    await expect(shop.attempt(2, { apply: APPLY, rollback: ROLLBACK })).resolves.toMatchObject({
      outcome: 'rolled back',
    });
    expect(await shop.indexes()).toEqual([]);
  });

  it('is refused, and runs nothing, where a statement writes what the gate reads', async () => {
    const shop = await openAutocommitRelease(`${SQL};
      create materialized view counted as select id from approvals; create unique index on counted (id);
      alter materialized view counted owner to one_roof_executor; grant all on counted to public`);
    const gates = [{ gate: 'rollout', sql: 'select count(*) from counted', opens: '> 0' }];
    const apply = `create index concurrently orders_id on orders (id);
refresh materialized view concurrently counted`;
    await expect(shop.attempt(1, { apply, change: { gates } })).rejects.toMatchObject({
      code: 'GATE_WRITTEN',
      message: containing('public.counted'),
    });
    expect(await shop.indexes()).toEqual(['counted_id_idx']); // that of the view itself
    expect(await shop.count('one_roof.ledger')).toBe(0);
  });

  it('leaves no trace where it is closed from the beginning', async () => {
    const shop = await openAutocommitRelease(SQL);
    await shop.others('delete from approvals');
    await expect(shop.attempt(1, { apply: APPLY, change: { gates: GATES } })).resolves.toMatchObject({
      outcome: 'gate closed',
    });
    expect(await shop.count('one_roof.ledger')).toBe(0);
    expect(await shop.count('one_roof.step')).toBe(0);
    expect(await shop.indexes()).toEqual([]);
  });

  it('cannot change the database, and is asked for nothing when rolling back', async () => {
    const shop = await openAutocommitRelease(SQL);
    const writing = {
      gate: 'rollout',
      opens: '> 0',
      sql: `with x as (delete from approvals returning 1) select count(*) from x`,
    };
    await expect(shop.attempt(1, { apply: APPLY, change: { gates: [writing] } })).resolves.toMatchObject({
      outcome: 'gate closed',
      readings: [{ unreadable: containing('DELETE: it writes') }],
    });
    await shop.attempt(2, { apply: APPLY });
    await expect(
      shop.attempt(3, { apply: APPLY, rollback: ROLLBACK, change: { gates: [writing] } }),
    ).resolves.toMatchObject({ outcome: 'rolled back' });
    expect(await shop.count('approvals')).toBe(1);
  });
});

describe('the metrics of a tier outside transactions', () => {
  it('must be as expected, or the tier does not count as applied', async () => {
    const shop = await openAutocommitRelease(SQL);
    const what = { apply: APPLY, probe: PROBE };
    await expect(shop.attempt(1, { ...what, rules: { expect: { indexes: 3 } } })).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      message: containing('indexes'),
    });
    expect(await shop.count('one_roof.in_effect')).toBe(0);
    await expect(shop.attempt(2, { ...what, rules: { expect: { indexes: 2 } } })).resolves.toMatchObject({
      outcome: 'applied',
      metrics: { indexes: 2 },
      ran: [],
    });
  });

  it('must not move where they are inert', async () => {
    const shop = await openAutocommitRelease(SQL);
    const what = { apply: APPLY, probe: PROBE, rules: { inert: ['indexes'] } };
    await expect(shop.attempt(1, what)).rejects.toMatchObject({ code: 'EXPECTATION_FAILED' });
  });
});

describe('while a statement outside transactions runs', () => {
  it('no transaction of ours is open, and the intent can be seen by all', async () => {
    const shop = await openAutocommitRelease(SQL);
    const old = await shop.oldTransaction('select * from orders');
    const running = shop.attempt(1, { apply: APPLY });
    await shop.untilItWaits();
    expect(await shop.steps()).toEqual([[1, null]]);
    expect(await shop.rows('select direction, finished_at from one_roof.ledger')).toEqual([
      { direction: 'apply', finished_at: null },
    ]);
    await old.end();
    await expect(running).resolves.toMatchObject({ outcome: 'applied' });
  });

  it('a claim that was taken past the session lock stops it before anything else is noted', async () => {
    const shop = await openAutocommitRelease(SQL);
    const old = await shop.oldTransaction('select * from orders');
    const running = shop.attempt(1, { apply: APPLY });
    await shop.untilItWaits();
    await shop.others('update one_roof.fence set claim = claim + 1, ordinal = 0');
    await old.end();
    await expect(running).rejects.toMatchObject({ code: 'SUPERSEDED' });
    expect(await shop.steps()).toEqual([[1, null]]);
    expect(await shop.indexes()).toEqual(['orders_id']);
  });

  it('a claim of another release ends it', async () => {
    const shop = await openAutocommitRelease(SQL);
    await expect(
      shop.attempt(1, { apply: APPLY, faulty: dyingAt(/^create index concurrently orders_n/) }),
    ).rejects.toThrow();
    await shop.others('update one_roof.fence set claim = claim + 1, ordinal = 0');
    await expect(shop.attempt(2, { apply: APPLY })).rejects.toMatchObject({ code: 'SUPERSEDED' });
    expect(await shop.indexes()).toEqual(['orders_id']);
  });
});
