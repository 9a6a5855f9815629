import { dyingAt, openAutocommitRelease } from './autocommit-release';
import type { Try } from './autocommit-release';
import { containing } from './shop';

const TABLE = `create table orders (id int, n int, note text);
  insert into orders select g, g, 'x' from generate_series(1, 500) g;
  create index orders_n on orders (n)`;

/** Runs a tier that an old transaction holds up, and kills it there. */
async function killedMidway(
  shop: Awaited<ReturnType<typeof openAutocommitRelease>>,
  what: Try,
): Promise<void> {
  const old = await shop.oldTransaction('select * from orders');
  try {
    const lost = expect(shop.attempt(1, what)).rejects.toMatchObject({ code: 'SESSION_LOST' });
    await shop.untilItWaits();
    await shop.kill();
    await lost;
  } finally {
    await old.end();
  }
}

describe('drop index concurrently', () => {
  const apply = 'drop index concurrently orders_n';

  it('is done, and again after it was killed midway', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await killedMidway(shop, { apply });
    expect(await shop.indexes()).toEqual(['orders_n INVALID']);
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({
      outcome: 'applied',
      ran: [{ number: 1 }],
    });
    expect(await shop.indexes()).toEqual([]);
  });

  it('is undone by building the index again, and applied again', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const rollback = 'create index concurrently orders_n on orders (n)';
    await shop.attempt(1, { apply });
    await expect(shop.attempt(2, { apply, rollback })).resolves.toMatchObject({ outcome: 'rolled back' });
    expect(await shop.indexes()).toEqual(['orders_n']);
    await expect(shop.attempt(3, { apply })).resolves.toMatchObject({ outcome: 'applied', found: false });
    expect(await shop.indexes()).toEqual([]);
  });

  it('is refused where there is no such index, and done where it need not be there', async () => {
    const shop = await openAutocommitRelease('create table orders (id int)');
    await expect(shop.attempt(1, { apply })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      message: containing('there is no index "orders_n"'),
    });
    await shop.attempt(2, { apply: 'drop index concurrently if exists orders_n' });
    expect(await shop.steps()).toEqual([[1, 'was there']]);
  });

  it('and the same index built anew converge together', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const both = `${apply};\ncreate index concurrently orders_n on orders (n desc)`;
    await expect(shop.attempt(1, { apply: both, faulty: dyingAt(/outcome = \$9/) })).rejects.toMatchObject({
      code: 'SESSION_LOST',
    });
    await expect(
      shop.attempt(2, {
        apply: both,
        faulty: dyingAt(/finished_at = pg_catalog.clock_timestamp\(\), rows_changed/),
      }),
    ).rejects.toMatchObject({ code: 'SESSION_LOST' });
    await expect(shop.attempt(3, { apply: both })).resolves.toMatchObject({ outcome: 'applied', ran: [] });
    expect(await shop.indexes()).toEqual(['orders_n']);
    expect(await shop.steps()).toEqual([
      [1, 'found done'],
      [2, 'done'],
    ]);
  });
});

describe('reindex concurrently', () => {
  it.each([
    'reindex index concurrently orders_n',
    'reindex table concurrently orders',
    'reindex (concurrently, verbose) table public.orders',
    'reindex schema concurrently public',
  ])('leaves nothing of one that was killed midway: %s', async (apply) => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.others('alter schema public owner to one_roof_executor');
    await killedMidway(shop, { apply });
    expect(await shop.indexes()).toEqual(['orders_n', 'orders_n_ccnew INVALID']);
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({
      outcome: 'applied',
      ran: [{ number: 1 }],
    });
    expect(await shop.indexes()).toEqual(['orders_n']);
    expect(await shop.steps()).toEqual([[1, 'done']]);
  });

  it('drops the old index of one that was killed near its end, and not what others left', async () => {
    const shop = await openAutocommitRelease(`${TABLE}; create index orders_n_ccold on orders (n)`);
    const apply = 'reindex table concurrently orders';
    await shop.others(`update pg_index set indisvalid = false where indexrelid = 'orders_n_ccold'::regclass`);
    await expect(shop.attempt(1, { apply, faulty: dyingAt(/^reindex/) })).rejects.toThrow();
    await shop.attempt(2, { apply });
    expect(await shop.indexes()).toEqual(['orders_n']);
    await shop.attempt(3, { apply, rollback: 'analyze orders' });
    await shop.others(`create index orders_n_ccold on orders (n);
      update pg_index set indisvalid = false where indexrelid = 'orders_n_ccold'::regclass`);
    await shop.attempt(4, { apply });
    expect(await shop.indexes()).toEqual(['orders_n', 'orders_n_ccold INVALID']);
  });

  it('is run once, though the catalog cannot tell', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const apply = 'reindex table concurrently orders;\nvacuum orders';
    await expect(shop.attempt(1, { apply, faulty: dyingAt(/^vacuum/) })).rejects.toThrow();
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({ ran: [{ number: 2 }] });
  });
});

describe('vacuum and analyze', () => {
  it('are run, and repeated where their outcome is not known', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const apply = 'vacuum (analyze) orders;\nanalyze orders (id)';
    await expect(shop.attempt(1, { apply, faulty: dyingAt(/outcome = \$9/) })).rejects.toThrow();
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({
      outcome: 'applied',
      rows: 0,
      touched: [],
      ran: [{ number: 1 }, { number: 2 }],
    });
    expect(await shop.count(`pg_stats where tablename = 'orders'`)).toBe(3);
  });

  it('give up after the tier’s lockTimeout, to be tried again, and say who holds the table', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const holder = await shop.oldTransaction('lock table orders in share mode');
    const limits = { lockTimeoutMs: 900 };
    await expect(shop.attempt(1, { apply: 'vacuum orders', limits })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: containing('nightly report'),
    });
    await holder.end();
    await expect(shop.attempt(2, { apply: 'vacuum orders' })).resolves.toMatchObject({ outcome: 'applied' });
  });
});

describe('a tier’s lockTimeout', () => {
  it('holds again after a statement for which it did not', async () => {
    const shop = await openAutocommitRelease(`${TABLE}; create table others (id int)`);
    const holder = await shop.oldTransaction('lock table others in share mode');
    const apply = 'create index concurrently orders_id on orders (id);\nvacuum others';
    try {
      await expect(shop.attempt(1, { apply, limits: { statementTimeoutMs: 5_000 } })).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        details: { statement: 2 },
      });
    } finally {
      await holder.end();
    }
  });
});

describe('alter type … add value', () => {
  const TYPE = `create type mood as enum ('sad', 'glad')`;
  const labels = `select string_agg(enumlabel, ',' order by enumsortorder) as all from pg_enum`;
  const apply = `alter type mood add value 'calm' before 'glad'`;

  it('adds it once, though the word of it was lost', async () => {
    const shop = await openAutocommitRelease(TYPE);
    await expect(shop.attempt(1, { apply, faulty: dyingAt(/outcome = \$9/) })).rejects.toThrow();
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({ outcome: 'applied', ran: [] });
    expect(await shop.rows(labels)).toEqual([{ all: 'sad,calm,glad' }]);
    expect(await shop.steps()).toEqual([[1, 'found done']]);
  });

  it('is refused where it is there already, unless it may be', async () => {
    const shop = await openAutocommitRelease(`${TYPE}; alter type mood add value 'calm'`);
    for (const ordinal of [1, 2])
      await expect(shop.attempt(ordinal, { apply })).rejects.toMatchObject({
        code: 'STATEMENT_FAILED',
        message: containing('type "mood" has that value already'),
      });
    const mayExist = apply.replace('value', 'value if not exists');
    await expect(shop.attempt(3, { apply: mayExist })).resolves.toMatchObject({ outcome: 'applied' });
  });
});

describe('detach partition concurrently', () => {
  const PARTS = `create table orders (id int) partition by range (id);
    create table orders_1 partition of orders for values from (0) to (9);
    create table orders_2 partition of orders for values from (9) to (19)`;
  const apply =
    'alter table orders detach partition orders_1 concurrently;\nalter table orders detach partition orders_2 concurrently';
  const attached = `pg_inherits where inhparent = 'orders'::regclass`;

  it('is completed after it was killed midway', async () => {
    const shop = await openAutocommitRelease(PARTS);
    await killedMidway(shop, { apply });
    expect(await shop.count(`${attached} and inhdetachpending`)).toBe(1);
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({ outcome: 'applied' });
    expect(await shop.count(attached)).toBe(0);
    expect(await shop.steps()).toEqual([
      [1, 'done'],
      [2, 'done'],
    ]);
  });

  it('is refused where it is no partition', async () => {
    const shop = await openAutocommitRelease(`${PARTS}; alter table orders detach partition orders_1`);
    await expect(shop.attempt(1, { apply })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      message: containing('"orders_1" is no partition of "orders"'),
    });
    expect(await shop.count(attached)).toBe(1);
  });
});

describe('refresh materialized view concurrently', () => {
  it('is repeated where its outcome is not known, and names the view whose rows it changed', async () => {
    const shop = await openAutocommitRelease(`${TABLE};
      create materialized view "Sums" as select n, count(*) from orders group by n;
      create unique index on "Sums" (n); insert into orders values (501, 501)`);
    const apply = 'refresh materialized view concurrently "Sums"';
    await expect(shop.attempt(1, { apply, faulty: dyingAt(/outcome = \$9/) })).rejects.toThrow();
    await expect(shop.attempt(2, { apply })).resolves.toMatchObject({
      outcome: 'applied',
      touched: ['public."Sums"'],
    });
    expect(await shop.count('"Sums"')).toBe(501);
  });
});
