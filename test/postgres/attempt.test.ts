import { takeClaim } from '../../src/postgres/claim';
import { withSession } from '../../src/postgres/session';
import { urlOf, withClient } from '../support/database';
import { endpointOf, preparedDatabase } from '../support/prepared';
import { claimant, containing, inSession, openRelease } from './shop';

describe('an attempt to apply a tier', () => {
  it('applies it once, and finds it applied when the answer was lost', async () => {
    const shop = await openRelease('first');
    await expect(shop.apply(1, 'create table orders (id int primary key)')).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
      touched: ['public.orders'],
    });
    await expect(shop.apply(2, 'create table orders (id int primary key)')).resolves.toMatchObject({
      outcome: 'applied',
      found: true,
    });
  });

  it('is refused when a newer attempt has begun, and changes nothing', async () => {
    const shop = await openRelease('first');
    await shop.rollBack(2, 'drop table orders');
    await expect(shop.apply(1, 'create table orders (id int)')).rejects.toMatchObject({ code: 'SUPERSEDED' });
    expect(await shop.count("pg_class where relname = 'orders'")).toBe(0);
  });

  it('is refused when its release was terminated and another one holds the database', async () => {
    const shop = await openRelease('first');
    await shop.close();
    const successor = await openRelease('second', shop.database);
    await expect(shop.apply(9, 'create table orders (id int)')).rejects.toMatchObject({ code: 'SUPERSEDED' });
    await expect(successor.apply(1, 'create table orders (id int)')).resolves.toMatchObject({
      outcome: 'applied',
    });
  });

  it('leaves nothing of a statement that fails, and says where and why', async () => {
    const shop = await openRelease('first');
    const failure = shop.apply(1, 'create table orders (id int)', 'select 1 / 0');
    await expect(failure).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      details: { sqlstate: '22012', file: '10_orders.sql', line: 2 },
    });
    expect(await shop.count("pg_class where relname = 'orders'")).toBe(0);
    expect(await shop.count('one_roof.ledger')).toBe(0);
  });

  it('notices a statement that ends the transaction', async () => {
    const shop = await openRelease('first');
    await expect(shop.apply(1, 'create table orders (id int)', 'commit', 'select 1')).rejects.toMatchObject({
      code: 'TRANSACTION_ESCAPED',
    });
    expect(await shop.count('one_roof.in_effect')).toBe(0);
  });

  it('fails deferred constraints before the commit', async () => {
    const shop = await openRelease('first');
    const sql = [
      'create table a (id int primary key deferrable initially deferred)',
      'insert into a values (1), (1)',
    ];
    await expect(shop.apply(1, ...sql)).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      details: { sqlstate: '23505' },
    });
  });

  it('is undone by a gate that closes while it runs', async () => {
    const shop = await openRelease(
      'first',
      await preparedDatabase('create table approvals (id int); insert into approvals values (1)'),
    );
    const gates = [{ gate: 'rollout', sql: 'select count(*) from approvals', opens: '> 0' }];
    await withClient(urlOf(shop.database), async (stranger) => {
      await stranger.query('select pg_advisory_lock(7)');
      const result = shop.run({
        ordinal: 1,
        sql: ['create table orders (id int)', 'select pg_advisory_xact_lock(7)'],
        change: { gates },
      });
      const waiting = "select 1 from pg_locks where locktype = 'advisory' and objid = 7 and not granted";
      while ((await stranger.query(waiting)).rowCount === 0);
      await stranger.query('delete from approvals');
      await stranger.query('select pg_advisory_unlock(7)');
      await expect(result).resolves.toMatchObject({
        outcome: 'gate closed',
        readings: [{ open: true }, { open: false }],
      });
    });
    expect(await shop.count("pg_class where relname = 'orders'")).toBe(0);
    expect(await shop.count('approvals')).toBe(0);
  });

  it.each([
    ['itself', 'select count(*) from approvals', 'insert into approvals values (2)'],
    ['through a view', 'select count(*) from approved', 'delete from approvals where id = 7'],
    ['through a function', 'select counted()', 'update approvals set id = 3'],
  ])('is refused where it writes what its gate reads %s', async (_, gate, write) => {
    const database =
      await preparedDatabase(`create table approvals (id int); insert into approvals values (1);
      create view approved as select * from approvals;
      create function counted() returns bigint language sql as 'select count(*) from approvals'`);
    const shop = await openRelease('first', database);
    const gates = [{ gate: 'rollout', sql: gate, opens: '> 0' }];
    await expect(shop.run({ ordinal: 1, sql: [write], change: { gates } })).rejects.toMatchObject({
      code: 'GATE_WRITTEN',
      message: containing('public.approvals'),
    });
    const reads = ['create table seen as select * from approvals', 'create table o (id int)'];
    await expect(shop.run({ ordinal: 2, sql: reads, change: { gates } })).resolves.toMatchObject({
      outcome: 'applied',
    });
  });

  it('takes a gate that cannot be read for closed', async () => {
    const shop = await openRelease('first');
    const gates = [{ gate: 'rollout', sql: 'select count(*) from nowhere', opens: '> 0' }];
    const result = await shop.run({ ordinal: 1, sql: ['create table orders (id int)'], change: { gates } });
    expect(result).toMatchObject({
      outcome: 'gate closed',
      readings: [{ open: false, unreadable: containing('nowhere') }],
    });
  });

  it('names a stranger who holds the session lock, and ends an older attempt of its own', async () => {
    const shop = await openRelease('first');
    await withSession(
      endpointOf(shop.database, 'executor'),
      { application: `one-roof claim ${shop.claim}.1 x`, lockTimeoutMs: 0, statementTimeoutMs: 0 },
      async (older) => {
        await older.query('select pg_advisory_lock(7954877705757748224)');
        await expect(shop.apply(2, 'create table orders (id int)')).resolves.toMatchObject({
          outcome: 'applied',
        });
      },
    ).catch((error: unknown) => expect(error).toMatchObject({ code: 'SESSION_LOST' }));
  });
});

describe('an attempt to roll back a tier', () => {
  it('finds it rolled back when the answer was lost, and not when an earlier release had done it', async () => {
    const first = await openRelease('first');
    await expect(first.rollBack(1, 'drop table orders')).resolves.toEqual({ outcome: 'not applied' });
    await first.apply(2, 'create table orders (id int)');
    await expect(first.rollBack(3, 'drop table orders')).resolves.toMatchObject({ found: false });
    await expect(first.rollBack(4, 'drop table orders')).resolves.toMatchObject({
      outcome: 'rolled back',
      found: true,
    });
    await first.close();
    const second = await openRelease('second', first.database);
    await expect(second.rollBack(1, 'drop table orders')).resolves.toEqual({ outcome: 'not applied' });
  });

  it('spares a tier that an earlier release applied', async () => {
    const first = await openRelease('first');
    await first.apply(1, 'create table orders (id int)');
    await first.close();
    const second = await openRelease('second', first.database);
    await expect(second.apply(1, 'create table orders (id int)')).resolves.toEqual({
      outcome: 'already applied',
      release: 'first',
    });
    await expect(second.rollBack(2, 'drop table orders')).resolves.toEqual({ outcome: 'not applied' });
    expect(await first.count('orders')).toBe(0);
  });

  it('holds back where others wrote rows into what it would drop, and into what it would delete', async () => {
    const shop = await openRelease('first', await preparedDatabase('create table kept (id int)'));
    await shop.apply(1, 'create table orders (id int)', 'insert into kept values (1)');
    await withClient(urlOf(shop.database), (other) => other.query('insert into orders values (1), (2)'));
    await expect(shop.rollBack(2, 'drop table orders')).rejects.toMatchObject({
      code: 'OTHERS_ROWS',
      message: containing('public.orders: 2 rows'),
    });
    await withClient(urlOf(shop.database), (other) =>
      other.query('delete from orders; insert into kept values (2)'),
    );
    await expect(shop.rollBack(3, 'drop table orders', 'delete from kept')).rejects.toMatchObject({
      code: 'OTHERS_ROWS',
      message: containing('public.kept: 1 rows'),
    });
    await expect(
      shop.rollBack(4, 'drop table orders', 'delete from kept where id = 1'),
    ).resolves.toMatchObject({ outcome: 'rolled back' });
    await expect(shop.apply(5, 'create table orders (id int)')).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
    });
  });
});

describe('a claim', () => {
  it('is held by one release, which is named to the second', async () => {
    const shop = await openRelease('first');
    await expect(openRelease('second', shop.database)).rejects.toMatchObject({
      code: 'DATABASE_HELD',
      message: containing('first'),
    });
    await expect(openRelease('first', shop.database)).resolves.toMatchObject({ claim: shop.claim });
  });

  it('is refused to a release that has given up', async () => {
    const shop = await openRelease('first');
    await shop.close();
    await expect(openRelease('first', shop.database)).rejects.toMatchObject({ code: 'RELEASE_CLOSED' });
  });

  it('is refused in a database that is registered as another one', async () => {
    const database = await preparedDatabase();
    const claimed = inSession(database, (session) =>
      takeClaim(session, claimant('first'), { kind: 'production', nonce: 'of another database' }),
    );
    await expect(claimed).rejects.toMatchObject({ code: 'WRONG_REGISTRATION' });
  });
});
