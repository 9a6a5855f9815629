import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { askedTarget, recordOf, run } from './support/asked-target';
import type { AskedTarget, CommandEnd } from './support/asked-target';

const TEXT: unknown = expect.any(String);
const NUMBER: unknown = expect.any(Number);

describe('the record of calls', () => {
  let shop: AskedTarget;

  beforeEach(async () => {
    shop = await askedTarget('create table orders (id int)');
  });

  it('says who asked what, and what came of it', async () => {
    const sql = 'select 1 as one';
    await run(shop, ['query', sql]);
    await run(shop, ['query', 'drop table orders']);
    await run(shop, ['query', 'select nothing']);
    const digest = createHash('sha256').update(sql).digest('hex');

    const [begun, answered, , refused, , failed] = recordOf(shop);
    expect(begun).toMatchObject({
      who: TEXT,
      by: 'query',
      target: 'shop',
      digest,
      length: 15,
      text: sql,
      verdict: 'begun',
    });
    expect(answered).toMatchObject({
      ...begun,
      at: TEXT,
      server: 'primary',
      verdict: 'answered',
      rows: 1,
    });
    expect(answered).toMatchObject({ more: false, bytes: NUMBER, ms: NUMBER });
    expect(refused).toMatchObject({ verdict: 'refused', code: 'QUERY_REFUSED', text: 'drop table orders' });
    expect(failed).toMatchObject({ verdict: 'failed', code: 'STATEMENT_FAILED', server: null });
  });

  it('keeps of what is no text, or too long, its digest and its length alone', async () => {
    const large = `select '${'x'.repeat(70_000)}'`;
    await run(shop, ['query'], Buffer.from([0x73, 0xff, 0xfe]));
    await run(shop, ['query'], large);
    const ends = recordOf(shop).filter(({ verdict }) => verdict !== 'begun');
    expect(ends).toMatchObject([
      { length: 3, text: null },
      { length: large.length, text: null, digest: createHash('sha256').update(large).digest('hex') },
    ]);
  });

  it('is for its owner alone, and holds no password', async () => {
    await run(shop, ['query', 'select 1']);
    const folder = join(shop.store, 'reads');
    const file = join(folder, `${new Date().toISOString().slice(0, 7)}.jsonl`);
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(JSON.stringify(recordOf(shop))).not.toContain('of the tests only');
  });

  it('has whole lines, whoever writes at once', async () => {
    await Promise.all([1, 2, 3, 4].map((n) => run(shop, ['query', `select ${n} -- ${'é'.repeat(5_000)}`])));
    expect(
      recordOf(shop)
        .map(({ verdict }) => verdict)
        .sort(),
    ).toEqual([...Array<string>(4).fill('answered'), ...Array<string>(4).fill('begun')]);
  });

  it('goes on behind a line that a full disk has cut', async () => {
    await run(shop, ['query', 'select 1']);
    const file = join(shop.store, 'reads', `${new Date().toISOString().slice(0, 7)}.jsonl`);
    writeFileSync(file, '{"torn": "yes"}');
    await run(shop, ['query', 'select 1']);
    expect(recordOf(shop).map(({ torn, verdict }) => torn ?? verdict)).toEqual(['yes', 'begun', 'answered']);
  });

  it('comes first: of what cannot be recorded no server hears', async () => {
    mkdirSync(shop.store);
    writeFileSync(join(shop.store, 'reads'), 'a file');
    await withListener(async (port, heard) => {
      const environment = { ...shop.environment, SHOP: `postgresql://reader@127.0.0.1:${port}/shop` };
      const askWith = (store: string): Promise<CommandEnd> =>
        run({ ...shop, environment: { ...environment, ONE_ROOF_STORE: store } }, [
          'query',
          'select 1',
          '--json',
        ]);
      const { exit, stdout } = await askWith(shop.store);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CALL_NOT_RECORDED' } });
      expect([exit, (await askWith('')).exit, heard()]).toEqual([4, 2, 0]);
      expect((await askWith(join(shop.folder, 'elsewhere'))).exit).toBe(1);
      expect(heard()).toBeGreaterThan(0);
    });
  });
});

/** Something that listens where a database should be, and counts who comes. */
async function withListener(work: (port: number, heard: () => number) => Promise<void>): Promise<void> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(portOf(server), () => count);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
