import { once } from 'node:events';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { waitUntil } from '../../src/embedded/wait';
import { askedTarget, begin, recordOf, sessionsOf } from '../acceptance/support/asked-target';
import type { AskedTarget } from '../acceptance/support/asked-target';

const LIMIT_MS = 30_000;
/** 8 MB of CSV: a pipe that nobody reads takes a hundredth of it. */
const MUCH = "select g, repeat('x', 800) from generate_series(1, 10000) g";

describe('whoever asks and does not read the answer', () => {
  let shop: AskedTarget;

  beforeEach(async () => {
    shop = await askedTarget('create table orders (id int)');
  });

  it('holds no session: query has closed it before it writes', async () => {
    const child = begin(shop, 'query', '--csv', '--limit', '10000', MUCH);
    child.stdin.end();
    await once(child.stdout, 'readable');
    expect(child.exitCode).toBeNull();
    expect(await sessionsOf(shop)).toBe(0);
    await ends(child);
  });

  it('holds none of mcp’s either, however much it asks', async () => {
    const child = begin(shop, 'mcp');
    const calls = Array.from({ length: 12 }, (_, index) => call(index + 2, MUCH));
    child.stdin.write([HELLO, READY, ...calls].map((message) => `${JSON.stringify(message)}\n`).join(''));
    expect(await waitUntil(() => answersIn(shop) === calls.length, LIMIT_MS)).toBe(true);
    expect(child.exitCode).toBeNull();
    expect(await sessionsOf(shop)).toBe(0);
    await ends(child);
  });
});

/** It ends when the reader's end is gone. */
async function ends(child: ChildProcessWithoutNullStreams): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin.end();
  child.stdout.destroy();
  await ended;
}

function answersIn(shop: AskedTarget): number {
  try {
    return recordOf(shop).filter(({ verdict, text }) => text === MUCH && verdict === 'answered').length;
  } catch {
    return 0; // nothing is recorded yet, or half a line
  }
}

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'deaf', version: '0' } },
};
const READY = { jsonrpc: '2.0', method: 'notifications/initialized' };

function call(id: number, sql: string): unknown {
  return {
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'query', arguments: { target: 'shop', sql, limit: 1000 } },
  };
}
