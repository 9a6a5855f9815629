import { urlOf, withClient } from '../../support/database';
import { containing } from '../shop';
import { applied, attempted, freshShop } from './measured';
import type { Under } from './measured';

const ADD = 'alter table orders add column extra text';
/** Far longer than any limit here: a test in which nothing stops it fails. */
const FOR_EVER = 'select pg_sleep(80)';

describe('the budget of a tier in production', () => {
  it.each<[string, Under, readonly string[], string]>([
    [
      'a rewrite, before the commit',
      { budget: { noRewrite: true } },
      ['alter table orders alter column price type numeric(10, 3)'],
      'it rewrote public.orders, and noRewrite is set',
    ],
    [
      'a statement that runs for longer than maxDuration',
      { budget: { maxDuration: '500ms' } },
      [ADD, FOR_EVER],
      'it took longer than maxDuration, 500ms',
    ],
    [
      'a lock that an earlier statement took',
      { budget: { maxLock: '300ms' } },
      [ADD, FOR_EVER],
      'it kept others from reading or writing for longer than maxLock, 300ms',
    ],
    [
      'a lock that the running statement took',
      { budget: { maxLock: '300ms' } },
      [`do 'begin ${ADD}; perform pg_sleep(80); end'`],
      'it kept others from reading or writing for longer than maxLock, 300ms',
    ],
    [
      'what takes so many times longer than its rehearsal',
      { change: { limit: { ms: 500, rehearsedMs: 100, tolerance: 5 } } },
      [ADD, FOR_EVER],
      'its rehearsal took 100 ms, and tolerance is 5',
    ],
  ])('stops %s, and nothing of it is left', async (_, under, sql, why) => {
    const database = await freshShop();
    await expect(attempted(database, sql, under)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      message: containing(why),
    });
    expect(await columnsOf(database)).toEqual([
      'id',
      'customer',
      'note',
      'amount',
      'price',
      'placed',
      'state',
    ]);
    expect(await typeOf(database, 'price')).toBe('numeric(8,2)');
  });

  it.each<[string, Under, readonly string[]]>([
    [
      'holds others up no longer than it may',
      { budget: { maxLock: '60s', maxDuration: '60s', noRewrite: true, tolerance: 2 } },
      [ADD],
    ],
    [
      'locks for long what keeps nobody from reading or writing',
      { budget: { maxLock: '10ms' } },
      [`update orders set state = 'old'`, 'select pg_sleep(0.8)'],
    ],
    [
      'locks for long what it has made itself',
      { budget: { maxLock: '10ms' } },
      [`do 'begin create table fresh (id int); perform pg_sleep(0.8); end'`, 'select pg_sleep(0.2)'],
    ],
    [
      'rewrites what it has made itself',
      { budget: { noRewrite: true } },
      [
        'create table fresh (id int)',
        'insert into fresh values (1)',
        'alter table fresh alter column id type bigint',
      ],
    ],
  ])('lets through what %s', async (_, under, sql) => {
    await expect(attempted(await freshShop(), sql, under)).resolves.toMatchObject({
      result: { outcome: 'applied' },
    });
  });

  it('does not hold up a rollback', async () => {
    const database = await freshShop();
    const under = { budget: { maxDuration: '1ms' }, change: { direction: 'rollback' } } as const;
    await expect(attempted(database, ['select 1'], under)).resolves.toMatchObject({
      result: { outcome: 'not applied' },
    });
  });
});

describe('the measures of a tier', () => {
  it('tell how long each lock was held: to the end of the transaction', async () => {
    const { measures, blast } = await applied(await freshShop(), ADD, 'select pg_sleep(0.3)');
    const [add, sleep] = measures;
    const held = add?.locks[0]?.heldMs ?? 0;
    expect(add?.locks).toMatchObject([{ relation: 'public.orders', blocks: 'reads and writes' }]);
    expect(held).toBeGreaterThan((add?.ms ?? 0) + (sleep?.ms ?? 0));
    expect(sleep?.startedMs).toBeGreaterThan(add?.ms ?? 0);
    expect(blast.longestLock).toMatchObject({ relation: 'public.orders', ms: held });
    expect(blast.lockMs).toBe(held);
  });

  it('tell how many rows a scan has read, and what has grown', async () => {
    const { measures, blast } = await applied(
      await freshShop(),
      'alter table orders alter column amount set not null',
      `update orders set state = 'old'`,
      'create table fresh as select * from orders',
    );
    expect(measures[0]?.scans).toEqual([{ relation: 'public.orders', rows: 3_000 }]);
    const [grown] = measures[1]?.sizes ?? [];
    expect(grown?.after).toBeGreaterThan(grown?.before ?? Infinity);
    expect(measures[2]?.sizes).toMatchObject([{ relation: 'public.fresh', before: 0 }]);
    expect(blast.sizeChange).toBeGreaterThan(0);
    expect(measures.map(({ scans }) => scans?.length)).toEqual([1, 0, 0]);
  });

  it('name no size that was not measured before', async () => {
    const database = await freshShop(
      `create function copy() returns trigger language plpgsql as
         'begin insert into plain select n, ''x'' from generate_series(1, 5000) n; return new; end';
       create trigger copied after insert on payments for each row execute function copy()`,
    );
    const { measures, blast } = await applied(database, 'insert into payments values (1, 1)');
    const plain = measures[0]?.sizes?.find(({ relation }) => relation === 'public.plain');
    expect(plain?.before).toBeNull();
    expect(blast.sizeChange).toBeNull();
  });

  it('count temporary files where the server tells of them, and say so where it does not', async () => {
    const silent = await applied(await freshShop(), 'select 1');
    expect(silent.blast.temporaryBytes).toBeNull();
    const database = await freshShop();
    await withClient(urlOf(database), (client) =>
      client.query(
        `alter database ${database} set log_temp_files = 0; alter database ${database} set work_mem = '64kB'`,
      ),
    );
    const sort = 'create table sorted as select n from generate_series(1, 100000) n order by -n';
    const { measures } = await applied(database, 'select 1', sort);
    expect(measures[0]?.temporaryBytes).toBe(0);
    expect(measures[1]?.temporaryBytes).toBeGreaterThan(100_000);
  });

  it('come from statistics where the package silences the server', async () => {
    const { measures } = await applied(
      await freshShop(),
      'set client_min_messages = error',
      'alter table orders alter column amount set not null',
    );
    expect(measures[1]).toMatchObject({
      toldBy: 'statistics',
      scans: [{ relation: 'public.orders', rows: 3_000 }],
    });
  });
});

async function columnsOf(database: string): Promise<readonly string[]> {
  const { rows } = await withClient(urlOf(database), (client) =>
    client.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'orders'::regclass and attnum > 0 and not attisdropped order by attnum`,
    ),
  );
  return rows.map(({ name }) => name);
}

async function typeOf(database: string, column: string): Promise<string | undefined> {
  const { rows } = await withClient(urlOf(database), (client) =>
    client.query<{ type: string }>(
      `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'orders'::regclass and attname = $1`,
      [column],
    ),
  );
  return rows[0]?.type;
}
