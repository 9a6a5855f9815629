import { containing, openRelease } from './shop';
import { preparedDatabase } from '../support/prepared';

const KEPT = 'create table kept (id int); insert into kept values (1), (2)';

describe('a rollback', () => {
  it.each([
    ['truncates', 'truncate kept'],
    ['truncates in a block', 'do $$ begin truncate kept; end $$'],
    [
      'truncates what it has just rewritten',
      'alter table kept alter id type bigint',
      'do $$ begin truncate kept; end $$',
    ],
    ['drops', 'drop table kept'],
    ['drops in a block', `do $$ begin execute 'drop table kept'; end $$`],
    ['drops by cascade', 'drop schema public cascade'],
  ])('holds back where it %s a table that the tier had not created', async (_, ...sql) => {
    const shop = await openRelease('first', await preparedDatabase(KEPT));
    await shop.others('alter schema public owner to one_roof_executor');
    await shop.apply(1, 'create table orders (id int)', 'insert into kept values (3)');
    await expect(shop.rollBack(2, 'drop table orders', ...sql)).rejects.toMatchObject({
      code: 'OTHERS_ROWS',
      message: containing('public.kept'),
    });
    expect(await shop.count('kept')).toBe(3);
  });

  it('may drop and rewrite what loses no row of others', async () => {
    const shop = await openRelease('first', await preparedDatabase(KEPT));
    const apply = [
      'create table orders (id int)',
      'create materialized view counted as select count(*) from kept',
      'alter table kept alter id type bigint',
      'alter table kept rename to held',
      'insert into held values (3)',
    ];
    const rollBack = [
      'drop materialized view counted',
      'do $$ begin truncate orders; end $$',
      'drop table orders',
      'delete from held where id = 3',
      'alter table held rename to kept',
      'alter table kept alter id type int',
    ];
    await shop.apply(1, ...apply);
    await expect(shop.rollBack(2, ...rollBack)).resolves.toMatchObject({ outcome: 'rolled back' });
    await expect(shop.apply(3, ...apply)).resolves.toMatchObject({ outcome: 'applied', found: false });
    expect(await shop.count('held')).toBe(3);
  });

  it.each(['drop table orders', 'delete from kept where id = 3'])(
    'holds back where the ledger does not say what the tier left: %s',
    async (sql) => {
      const shop = await openRelease('first', await preparedDatabase(KEPT));
      await shop.apply(1, 'create table orders (id int)', 'insert into kept values (3)');
      await shop.others('set session_replication_role = replica; update one_roof.ledger set effects = null');
      await expect(shop.rollBack(2, sql)).rejects.toMatchObject({ code: 'OTHERS_ROWS' });
    },
  );

  it('has nothing to do with what another release applied, whichever its bytes', async () => {
    const first = await openRelease('first');
    await first.apply(1, 'create table orders (id int)');
    await first.close();
    const second = await openRelease('second', first.database);
    await second.others(
      `set session_replication_role = replica; update one_roof.ledger set sha256 = repeat('c', 64)`,
    );
    await expect(second.apply(1, 'select 1')).rejects.toMatchObject({ code: 'TIER_CHANGED' });
    await expect(second.rollBack(2, 'drop table orders')).resolves.toEqual({ outcome: 'not applied' });
  });
});
