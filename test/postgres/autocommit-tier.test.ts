import { dyingAt, openAutocommitRelease } from './autocommit-release';
import { readTiersHalfApplied } from '../../src/postgres/half-applied';
import { inSession } from './shop';

const TABLE =
  'create table orders (id int, n int); insert into orders select g, g from generate_series(1, 500) g';
const BUILD = 'create index concurrently orders_n on orders (n)';
const DROP = 'drop index concurrently if exists orders_n';
const TWO = `${BUILD};\ncreate unique index concurrently orders_id on orders (id)`;
const DROP_TWO = `drop index concurrently if exists orders_id;\n${DROP}`;

describe('a tier outside transactions', () => {
  it('is refused to an attempt that was overtaken, and changes nothing', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.attempt(2, { apply: BUILD, rollback: DROP });
    await expect(shop.attempt(1, { apply: BUILD })).rejects.toMatchObject({ code: 'SUPERSEDED' });
    expect(await shop.indexes()).toEqual([]);
    expect(await shop.count('one_roof.ledger')).toBe(0);
  });

  it('is taken from an older attempt in its midst, which is ended first', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    const first = expect(shop.attempt(1, { apply: BUILD })).rejects.toMatchObject({ code: 'SESSION_LOST' });
    await shop.untilItWaits();
    const second = shop.attempt(2, { apply: BUILD });
    await first;
    await old.end();
    await expect(second).resolves.toMatchObject({ outcome: 'applied', found: false });
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('is applied, rolled back and applied again', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.attempt(1, { apply: TWO });
    await expect(shop.attempt(2, { apply: TWO, rollback: DROP_TWO })).resolves.toMatchObject({
      outcome: 'rolled back',
      ran: [{ number: 1 }, { number: 2 }],
    });
    expect(await shop.indexes()).toEqual([]);
    await expect(shop.attempt(3, { apply: TWO, rollback: DROP_TWO })).resolves.toMatchObject({
      outcome: 'rolled back',
      found: true,
    });
    await expect(shop.attempt(4, { apply: TWO })).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
    });
    expect(await shop.indexes()).toEqual(['orders_id', 'orders_n']);
  });

  it('is rolled back where it was applied in part, but for what it had not begun', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const dying = dyingAt(/^create unique/);
    await expect(shop.attempt(1, { apply: TWO, faulty: dying })).rejects.toMatchObject({
      code: 'SESSION_LOST',
    });
    await expect(shop.attempt(2, { apply: TWO, rollback: DROP_TWO })).resolves.toMatchObject({
      outcome: 'rolled back',
    });
    expect(await shop.steps('rollback')).toEqual([
      [1, 'was there'],
      [2, 'done'],
    ]);
    expect(await shop.indexes()).toEqual([]);
    expect(await shop.count('one_roof.in_effect')).toBe(0);

    await shop.others('create index orders_id on orders (id)');
    await expect(shop.attempt(3, { apply: TWO })).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    expect(await shop.indexes()).toEqual(['orders_id', 'orders_n']);
    await shop.attempt(4, { apply: TWO, rollback: DROP_TWO });
    expect(await shop.indexes()).toEqual(['orders_id']);
  });

  it('goes on rolling back where a rollback was killed', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.attempt(1, { apply: TWO });
    const back = { apply: TWO, rollback: DROP_TWO };
    await expect(
      shop.attempt(2, { ...back, faulty: dyingAt(/^drop index concurrently if exists orders_n/) }),
    ).rejects.toMatchObject({ code: 'SESSION_LOST' });
    expect(await shop.indexes()).toEqual(['orders_n']);
    await expect(shop.attempt(3, back)).resolves.toMatchObject({
      outcome: 'rolled back',
      ran: [{ number: 2 }],
    });
    expect(await shop.indexes()).toEqual([]);
  });

  it('is known to be applied in part until it is finished or rolled back', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const known = () => inSession(shop.database, readTiersHalfApplied);
    expect(await known()).toEqual([]);
    await expect(shop.attempt(1, { apply: TWO, faulty: dyingAt(/^create unique/) })).rejects.toThrow();
    expect(await known()).toMatchObject([{ package: 'shop', tier: '10_orders', release: 'first' }]);
    await shop.attempt(2, { apply: TWO });
    expect(await known()).toEqual([]);
    await shop.attempt(3, { apply: TWO, rollback: DROP_TWO });
    expect(await known()).toEqual([]);
  });
});
