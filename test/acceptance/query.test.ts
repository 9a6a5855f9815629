import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { waitUntil } from '../../src/embedded/wait';
import { urlOf, withClient } from '../support/database';
import { askedTarget, begin, ended, recordOf, run, sessionsOf } from './support/asked-target';
import type { AskedTarget } from './support/asked-target';

const SHOP = `
create table orders (id int primary key, state text, paid boolean, price numeric, facts jsonb);
insert into orders values
  (1, 'new', true, 12.50, '{"tags": ["a", "b"]}'),
  (2, '', false, 7, '{"n": 12345678901234567890}'),
  (3, null, null, null, null),
  (40, e'\\x1b]0;owned\\x07\\nline', true, 1e30, '1.5')`;
const ALL = 'select id, state, paid, price, facts from orders order by id';
const FOR_EVER = 'select count(*) from generate_series(1, 100000000000)';
const LIMIT_MS = 20_000;
const NUMBER: unknown = expect.any(Number);

describe('one-roof query', () => {
  let shop: AskedTarget;

  beforeAll(async () => {
    shop = await askedTarget(SHOP);
  });

  it('shows people a table that commands no terminal', async () => {
    const { exit, stdout } = await run(shop, ['query', '--target', 'shop', ALL]);
    expect(exit).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'id  state            paid                            price  facts',
      ' 1  new              t                               12.50  {"tags": ["a", "b"]}',
      ' 2                   f                                   7  {"n": 12345678901234567890}',
      ' 3  ∅                ∅                                   ∅  ∅',
      '40  ␛]0;owned␇␊line  t     1000000000000000000000000000000  1.5',
    ]);
    expect(lines[5]).toMatch(/^\(4 rows, \d+ ms, on the primary\)$/);
  });

  it('gives a script one document, with numbers only where they are exact', async () => {
    const { exit, stdout } = await run(shop, ['query', ALL, '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      kind: 'query',
      target: 'shop',
      server: 'primary',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'state', type: 'text' },
        { name: 'paid', type: 'boolean' },
        { name: 'price', type: 'numeric' },
        { name: 'facts', type: 'jsonb' },
      ],
      rows: [
        [1, 'new', true, '12.50', { tags: ['a', 'b'] }],
        [2, '', false, '7', '{"n": 12345678901234567890}'],
        [3, null, null, null, null],
        [40, '\u001b]0;owned\u0007\nline', true, '1000000000000000000000000000000', 1.5],
      ],
      rowCount: 4,
      more: false,
      bytes: NUMBER,
      ms: NUMBER,
      digest: createHash('sha256').update(ALL).digest('hex'),
    });
  });

  it('writes CSV, from a statement on stdin or in a file', async () => {
    const sql = `select 1 as "a,b", '' as empty, null as nothing, '=1+1' as formula, 'x"y' as quoted`;
    const csv = '"a,b",empty,nothing,formula,quoted\r\n1,"",,=1+1,"x""y"\r\n';
    writeFileSync(join(shop.folder, 'ask.sql'), sql);
    expect(await run(shop, ['query', '--csv'], sql)).toMatchObject({ exit: 0, stdout: csv });
    expect(await run(shop, ['query', '--csv', '--file', '-'], sql)).toMatchObject({ exit: 0, stdout: csv });
    expect(await run(shop, ['query', '--csv', '--file', 'ask.sql'])).toMatchObject({ exit: 0, stdout: csv });
  });

  it('says that there are more rows than were asked for', async () => {
    const asked = await run(shop, ['query', '--limit', '2', ALL]);
    expect(asked.stdout).toMatch(/\(the first 2 rows, \d+ ms, on the primary\)\nthere are more rows/);
    const told: unknown = JSON.parse((await run(shop, ['query', '--limit', '2', ALL, '--json'])).stdout);
    expect(told).toMatchObject({ rowCount: 2, more: true });
    const csv = await run(shop, ['query', '--limit', '2', '--csv', ALL]);
    expect(csv.stdout.split('\r\n')).toHaveLength(4);
    expect(csv.stderr).toMatch(/there are more rows than these 2/);
  });

  it.each([
    ['both forms', ['query', 'select 1', '--json', '--csv']],
    ['two statements', ['query', 'select 1', '--file', 'ask.sql']],
    ['a file that is not there', ['query', '--file', 'nowhere.sql']],
    ['limit of none', ['query', 'select 1', '--limit', '0']],
    ['limit above 10,000', ['query', 'select 1', '--limit', '10001']],
    ['target that nobody named', ['query', 'select 1', '--target', 'nowhere']],
  ])('takes no %s', async (_, words) => {
    expect((await run(shop, words)).exit).toBe(2);
  });

  it('says that a standby was passed over, and which server answered', async () => {
    const other = await askedTarget('');
    const target = 'kind: database, protected: false, connection: {urlFrom: SHOP}';
    const none = 'readChannel: {standby: {urlFrom: SHOP}}';
    writeFileSync(join(other.folder, 'targets.yaml'), `shop: {${target}, ${none}}\n`);
    const { exit, stdout, stderr } = await run(other, ['query', 'select 1', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ server: 'primary', rows: [[1]] });
    expect(stderr).toMatch(/the standby was passed over: .*not in recovery/);
  });

  it('refuses what does more than read: what, where, why, exit 4', async () => {
    const { exit, stdout, stderr } = await run(shop, ['query', 'delete from orders']);
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr).toMatch(/QUERY_REFUSED.* query:1:1: DELETE.*\n {2}delete from orders\n {2}\^/i);
    expect((await run(shop, ['query', '--csv', 'select count(*) from orders'])).stdout).toBe(
      'count\r\n4\r\n',
    );
  });

  it('shows where the server found a fault, by the line of the statement, exit 1', async () => {
    const { exit, stderr } = await run(
      shop,
      ['query', '--file', '-'],
      'select id\n  from orders\n where statte = 1',
    );
    expect(exit).toBe(1);
    expect(stderr).toMatch(/stdin:3:8/);
    expect(stderr).toMatch(/ {2} where statte = 1\n {2} {7}\^/);
  });
});

describe('a query that is left alone', () => {
  let shop: AskedTarget;

  beforeEach(async () => {
    shop = await askedTarget(SHOP);
  });

  it('is cancelled on the server by Ctrl-C', async () => {
    const child = begin(shop, 'query', FOR_EVER);
    await atWork(shop);
    child.kill('SIGINT');
    expect(await ended(child)).toMatchObject({ exit: 1, stdout: '' });
    expect(await sessionsOf(shop)).toBe(0);
    expect(recordOf(shop)).toMatchObject([{ verdict: 'begun' }, { verdict: 'cancelled', code: 'ABORTED' }]);
  });

  it('ends on the server when it is killed, and leaves its first line', async () => {
    const child = begin(shop, 'query', FOR_EVER);
    await atWork(shop);
    child.kill('SIGKILL');
    await ended(child);
    expect(await waitUntil(async () => (await sessionsOf(shop)) === 0, LIMIT_MS)).toBe(true);
    expect(recordOf(shop)).toMatchObject([{ verdict: 'begun', text: FOR_EVER }]);
  });

  it('holds no session while nobody reads its answer', async () => {
    const child = begin(
      shop,
      'query',
      '--limit',
      '10000',
      `select repeat('x', 1000) from generate_series(1, 9000)`,
    );
    expect(await waitUntil(() => verdicts(shop).includes('answered'), LIMIT_MS)).toBe(true);
    expect(await sessionsOf(shop)).toBe(0);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
  });
});

async function atWork({ database }: AskedTarget): Promise<void> {
  const sql = `select 1 from pg_stat_activity where datname = $1 and usename = 'one_roof_reader' and state = 'active'
    and query like '%generate_series%'`;
  const isSo = (): Promise<boolean> =>
    withClient(urlOf('postgres'), async (client) => (await client.query(sql, [database])).rows.length > 0);
  expect(await waitUntil(isSo, LIMIT_MS)).toBe(true);
}

function verdicts(target: AskedTarget): readonly unknown[] {
  try {
    return recordOf(target).map(({ verdict }) => verdict);
  } catch {
    return []; // nothing is recorded yet
  }
}
