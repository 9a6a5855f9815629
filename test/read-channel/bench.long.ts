import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readToolchain } from '../../src/embedded/toolchain';
import { askOnce } from '../../src/postgres/channel/ask';
import type { Endpoint } from '../../src/postgres/endpoint';
import { judgeRead } from '../../src/read-channel/judge';
import { CHECKOUT } from '../support/temporal';
import { startChannelCluster } from './channel-cluster';
import type { ChannelCluster } from './channel-cluster';
import { legitimate } from './corpus';
import { NOTHING_OPENED } from './whole-channel';

const run = promisify(execFile);
const ROUNDS = Number(process.env['ONE_ROOF_BENCH_ROUNDS'] ?? '20');
/** Each statement of the set is asked once a round in process, every tenth by programs: those take longer to start than to ask. */
const EVERY = 10;

describe('what a read costs', () => {
  let cluster: ChannelCluster;

  beforeAll(async () => {
    cluster = await startChannelCluster('the machine’s PostgreSQL');
  });

  afterAll(() => cluster.stop());

  it('is measured beside psql', async () => {
    const texts = legitimate().map(({ text }) => text);
    const { reader } = cluster.plain;
    const command = commandFor(reader);
    const judged = new Times();
    const asked = new Times();
    const byCommand = new Times();
    const byPsql = new Times();
    for (const text of texts) await judgeRead(text, NOTHING_OPENED); // warm
    for (let round = 0; round < ROUNDS; round += 1)
      for (const text of texts) await judged.of(() => judgeRead(text, NOTHING_OPENED));
    for (const text of texts) await asked.of(() => askInProcess(reader, text));
    for (const text of texts.filter((_, index) => index % EVERY === 0)) {
      await byPsql.of(() => psql(reader, text));
      await byCommand.of(() => command(text));
    }
    process.stdout.write(`${tableOf({ judged, asked, byCommand, byPsql })}\n`);
    expect(judged.count).toBe(ROUNDS * texts.length);
  }, 600_000);
});

class Times {
  private readonly ms: number[] = [];

  get count(): number {
    return this.ms.length;
  }

  async of(work: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await work();
    this.ms.push(performance.now() - begun);
  }

  /** The value that so large a part of them does not exceed. */
  quantile(part: number): string {
    const sorted = this.ms.toSorted((a, b) => a - b);
    return `${(sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(1)} ms`;
  }
}

async function askInProcess(reader: Endpoint, text: string): Promise<void> {
  const read = await judgeRead(text, NOTHING_OPENED);
  await askOnce(reader, { read, opened: NOTHING_OPENED });
}

async function psql({ host, port, user, password, database }: Endpoint, text: string): Promise<void> {
  const { bin } = readToolchain(CHECKOUT).postgres;
  const words = ['-X', '-q', '-h', host, '-p', String(port), '-U', user, '-d', database, '-c', text];
  await run(join(bin, 'psql'), words, {
    env: { ...process.env, PGPASSWORD: password },
    maxBuffer: 64 * 1024 * 1024,
  });
}

function commandFor({
  host,
  port,
  user,
  password = '',
  database,
}: Endpoint): (text: string) => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-bench-'));
  const target = `{kind: database, protected: false, connection: {urlFrom: SHOP}, roles: {reader: ${user}}}`;
  writeFileSync(join(folder, 'targets.yaml'), `shop: ${target}\n`);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    ONE_ROOF_STORE: join(folder, 'store'),
    SHOP: `postgresql://${user}:${password}@${host}:${port}/${database}`,
  };
  const main = join(CHECKOUT, 'bin', 'one-roof.mjs');
  return async (text) => {
    await run(process.execPath, [main, 'query', text], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  };
}

function tableOf(times: Readonly<Record<'judged' | 'asked' | 'byCommand' | 'byPsql', Times>>): string {
  const line = (what: string, measured: Times): string =>
    `| ${what} | ${measured.count} | ${measured.quantile(0.5)} | ${measured.quantile(0.95)} |`;
  return [
    '| what | times | p50 | p95 |',
    '| --- | ---: | ---: | ---: |',
    line('judging alone, warm', times.judged),
    line('a whole read, in process: judge, connect, names, answer', times.asked),
    line('`one-roof query`, a process each', times.byCommand),
    line('`psql -c`, a process each', times.byPsql),
  ].join('\n');
}
