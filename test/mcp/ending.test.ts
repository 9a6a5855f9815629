import { existsSync } from 'node:fs';
import { waitUntil } from '../../src/embedded/wait';
import { askedTarget, begin, ended, recordOf, sessionsOf } from '../acceptance/support/asked-target';
import type { AskedTarget } from '../acceptance/support/asked-target';
import { urlOf, withClient } from '../support/database';
import { assistant } from './assistant';

const FOR_EVER = 'select count(*) from generate_series(1, 100000000000)';
const LIMIT_MS = 20_000;

describe('an assistant that goes', () => {
  let shop: AskedTarget;

  beforeEach(async () => {
    shop = await askedTarget('create table orders (id int)');
  });

  it('cancels what it has asked, on the server', async () => {
    const model = await assistant(shop);
    const leave = new AbortController();
    const asked = model.client
      .callTool({ name: 'query', arguments: { sql: FOR_EVER } }, undefined, { signal: leave.signal })
      .catch(() => 'cancelled');
    await atWork(shop);
    leave.abort('the person has changed their mind');
    expect(await asked).toBe('cancelled');
    expect(await waitUntil(() => endOf(shop) === 'cancelled', LIMIT_MS)).toBe(true);
    expect(await sessionsOf(shop)).toBe(0);
    expect((await model.use('query', { sql: 'select 1' })).isError).toBe(false);
    await model.end();
  });

  it('closes its end: the server cancels what is under way, and ends', async () => {
    const child = begin(shop, 'mcp');
    child.stdin.write(lines(...HELLO, call(2, FOR_EVER)));
    await atWork(shop);
    child.stdin.end();
    expect(await ended(child)).toMatchObject({ exit: 0 });
    expect(await sessionsOf(shop)).toBe(0);
    expect(endOf(shop)).toBe('cancelled');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is ended by %s in the same way', async (signal) => {
    const child = begin(shop, 'mcp');
    child.stdin.write(lines(...HELLO, call(2, FOR_EVER)));
    await atWork(shop);
    child.kill(signal);
    expect(await ended(child)).toMatchObject({ exit: 0 });
    expect(await sessionsOf(shop)).toBe(0);
    expect(endOf(shop)).toBe('cancelled');
  });
});

describe('the stdout of one-roof mcp', () => {
  it('carries the protocol and nothing else, whatever comes', async () => {
    const shop = await askedTarget('create table orders (id int)');
    const child = begin(shop, 'mcp', '--target', 'shop');
    const end = ended(child);
    const answered = new Promise((resolve) =>
      child.stdout.on('data', (part: Buffer) => {
        if (part.toString().includes('"id":3')) resolve(undefined);
      }),
    );
    child.stdin.write(
      lines(...HELLO, call(2, 'drop table orders'), 'no JSON', { jsonrpc: '2.0' }, call(3, 'select 1')),
    );
    await answered;
    child.stdin.end();
    const { exit, stdout, stderr } = await end;
    expect(exit).toBe(0);
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const message of told) expect(message).toMatchObject({ jsonrpc: '2.0' });
    expect(stderr).toContain('one-roof mcp: shop');
  });

  it('carries nothing where the server cannot start', async () => {
    const shop = await askedTarget('create table orders (id int)');
    for (const words of [['--target', 'nowhere'], ['--package', 'nowhere'], ['--json']]) {
      const child = begin(shop, 'mcp', ...words);
      const { exit, stdout } = await ended(child);
      expect(exit).toBe(2);
      if (!words.includes('--json')) expect(stdout).toBe('');
    }
    expect(existsSync(shop.store)).toBe(false);
  });
});

const HELLO = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'by hand', version: '0' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
];

function call(id: number, sql: string): unknown {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'query', arguments: { sql } } };
}

function lines(...messages: readonly unknown[]): string {
  return messages.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
}

function endOf(shop: AskedTarget): unknown {
  return recordOf(shop).find(({ verdict, text }) => verdict !== 'begun' && text === FOR_EVER)?.['verdict'];
}

async function atWork({ database }: AskedTarget): Promise<void> {
  const sql = `select 1 from pg_stat_activity where datname = $1 and state = 'active' and query = $2`;
  const isSo = (): Promise<boolean> =>
    withClient(
      urlOf('postgres'),
      async (client) => (await client.query(sql, [database, FOR_EVER])).rows.length > 0,
    );
  expect(await waitUntil(isSo, LIMIT_MS)).toBe(true);
}
