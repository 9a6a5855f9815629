import { dyingAt, openAutocommitRelease } from './autocommit-release';
import { containing } from './shop';

const TABLE =
  'create table orders (id int, n int); insert into orders select g, g from generate_series(1, 500) g';
const BUILD = 'create index concurrently orders_n on orders (n)';
const DROP = 'drop index concurrently if exists orders_n';
const TWO = `${BUILD};\ncreate unique index concurrently orders_id on orders (id)`;

describe('create index concurrently', () => {
  it('is built once, and found when the answer was lost', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await expect(shop.attempt(1, { apply: BUILD })).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
      statements: 1,
      touched: [],
      ran: [{ number: 1, line: 1, text: BUILD }],
    });
    await expect(shop.attempt(2, { apply: BUILD })).resolves.toMatchObject({
      outcome: 'applied',
      found: true,
    });
    expect(await shop.indexes()).toEqual(['orders_n']);
    expect(await shop.steps()).toEqual([[1, 'done']]);
    expect(await shop.count('one_roof.in_effect')).toBe(1);
  });

  it('ends valid after it was killed midway: what is left INVALID is dropped and built again', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    const first = shop.attempt(1, { apply: BUILD });
    const lost = expect(first).rejects.toMatchObject({ code: 'SESSION_LOST' });
    await shop.untilItWaits();
    await shop.kill();
    await lost;
    expect(await shop.indexes()).toEqual(['orders_n INVALID']);
    expect(await shop.steps()).toEqual([[1, null]]);
    await old.end();
    await expect(shop.attempt(2, { apply: BUILD })).resolves.toMatchObject({
      outcome: 'applied',
      found: false,
    });
    expect(await shop.indexes()).toEqual(['orders_n']);
    expect(await shop.steps()).toEqual([[1, 'done']]);
  });

  it('ends valid after a lock timeout had struck it', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    await expect(shop.cutOffByLockTimeout(BUILD)).rejects.toThrow('lock timeout');
    await old.end();
    expect(await shop.indexes()).toEqual(['orders_n INVALID']);
    await shop.attempt(1, { apply: BUILD });
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('waits out an old transaction, however short the tier’s lockTimeout, and names it', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    const notes: string[] = [];
    const running = shop.attempt(1, {
      apply: BUILD,
      limits: { lockTimeoutMs: 20 },
      onProgress: ({ note }) => notes.push(note ?? ''),
    });
    await shop.untilItWaits();
    await until(() => notes.some((note) => note.includes('nightly report')));
    await old.end();
    await expect(running).resolves.toMatchObject({ outcome: 'applied' });
    expect(notes.join('\n')).toMatch(
      /statement 1 of 1: waiting for old snapshots; waits for the end of the transaction of process \d+ \(postgres, nightly report, idle in transaction\), open for \d+ s/,
    );
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('ends valid after the tier’s own statementTimeout had struck it', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    await expect(
      shop.attempt(1, { apply: BUILD, limits: { statementTimeoutMs: 300 } }),
    ).rejects.toMatchObject({ code: 'STATEMENT_FAILED', details: { sqlstate: '57014', line: 1 } });
    expect(await shop.indexes()).toEqual(['orders_n INVALID']);
    await old.end();
    await shop.attempt(2, { apply: BUILD });
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('is not built again where only the word of it was lost', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await expect(
      shop.attempt(1, { apply: BUILD, faulty: dyingAt(/update one_roof.step/) }),
    ).rejects.toMatchObject({ code: 'SESSION_LOST' });
    const [before] = await shop.rows(`select 'orders_n'::regclass::oid as oid`);
    await expect(shop.attempt(2, { apply: BUILD })).resolves.toMatchObject({ outcome: 'applied', ran: [] });
    expect(await shop.rows(`select 'orders_n'::regclass::oid as oid`)).toEqual([before]);
    expect(await shop.steps()).toEqual([[1, 'found done']]);
  });

  it('is built after an attempt that died between intent and statement', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await expect(shop.attempt(1, { apply: BUILD, faulty: dyingAt(/^create index/) })).rejects.toMatchObject({
      code: 'SESSION_LOST',
    });
    expect(await shop.steps()).toEqual([[1, null]]);
    await shop.attempt(2, { apply: BUILD });
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('is built again where a finished one has gone meanwhile', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await expect(shop.attempt(1, { apply: TWO, faulty: dyingAt(/^create unique/) })).rejects.toMatchObject({
      code: 'SESSION_LOST',
    });
    await shop.others('drop index orders_n');
    await shop.attempt(2, { apply: TWO });
    expect(await shop.indexes()).toEqual(['orders_id', 'orders_n']);
  });

  it('is refused where a stranger’s valid index has its name, at every attempt', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.others('create index orders_n on orders (id)');
    for (const ordinal of [1, 2]) {
      await expect(shop.attempt(ordinal, { apply: BUILD })).rejects.toMatchObject({
        code: 'STATEMENT_FAILED',
        message: containing('10_orders.sql:1:1 statement 1: index "orders_n" on "orders" is there already'),
      });
    }
    expect(await shop.steps()).toEqual([]);
  });

  it('does not drop what somebody else is just building', async () => {
    const shop = await openAutocommitRelease(TABLE);
    const old = await shop.oldTransaction('select * from orders');
    const theirs = shop.others(BUILD);
    await shop.until(`exists (select from pg_stat_progress_create_index where phase like 'waiting%')`);
    await expect(shop.attempt(1, { apply: BUILD })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: containing('is building on orders'),
    });
    await old.end();
    await theirs;
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('leaves IF NOT EXISTS what was there, and its rollback too', async () => {
    const shop = await openAutocommitRelease(TABLE);
    await shop.others('create index orders_n on orders (n)');
    const apply = BUILD.replace('orders_n', 'if not exists orders_n');
    await expect(shop.attempt(1, { apply })).resolves.toMatchObject({ outcome: 'applied', ran: [] });
    expect(await shop.steps()).toEqual([[1, 'was there']]);
    await expect(shop.attempt(2, { apply, rollback: DROP })).resolves.toMatchObject({
      outcome: 'rolled back',
    });
    expect(await shop.steps('rollback')).toEqual([[1, 'spared']]);
    expect(await shop.indexes()).toEqual(['orders_n']);
  });

  it('fails where the server skips it, for the name belongs to another table', async () => {
    const shop = await openAutocommitRelease(
      `${TABLE}; create table others (n int); create index orders_n on others (n)`,
    );
    const apply = BUILD.replace('orders_n', 'if not exists orders_n');
    await expect(shop.attempt(1, { apply })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
      message: containing('was run, and its effect is not done'),
    });
  });

  it('is built after rows that stood in the way of a unique one were mended', async () => {
    const shop = await openAutocommitRelease(`${TABLE}; insert into orders values (1, 1)`);
    const apply = 'create unique index concurrently orders_id on orders (id)';
    await expect(shop.attempt(1, { apply })).rejects.toMatchObject({ details: { sqlstate: '23505' } });
    expect(await shop.indexes()).toEqual(['orders_id INVALID']);
    await shop.others('delete from orders where ctid = (select max(ctid) from orders where id = 1)');
    await shop.attempt(2, { apply });
    expect(await shop.indexes()).toEqual(['orders_id']);
  });
});

async function until(fact: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !fact(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
