import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readToolchain } from '../../src/embedded/toolchain';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import { takeInLanes } from '../../src/postgres/fingerprint/take-in-lanes';
import { urlOf, withClient } from '../support/database';
import { preparedDatabase } from '../support/prepared';
import { CHECKOUT } from '../support/temporal';

jest.setTimeout(3_000_000);

/** `npm run bench:fingerprint` takes the reference database at its full size, 1.2 GB. */
const SCALE = Number(process.env['ONE_ROOF_FINGERPRINT_SCALE'] ?? 0.01);
/** Characters of a label: they stand in the table and in its primary key. */
const WIDTH = Number(process.env['ONE_ROOF_FINGERPRINT_WIDTH'] ?? 40);
const ROUNDS = SCALE < 0.1 ? 2 : 7;

const run = promisify(execFile);
const { bin } = readToolchain(CHECKOUT).postgres;
const SQL = join(CHECKOUT, 'sql', 'directus');

/** The two large tables of the stand-in as sql/directus/50_bulk.sql fills them, with wider labels. */
const BULK = `
  insert into system_issues (title, severity, source_system, status, date_created)
  select 'Check ' || n % 211 || ' failed for item ' || n, (array['info', 'warning', 'error'])[1 + n % 3],
    (array['importer', 'search', 'mailer', 'renderer'])[1 + n % 4], case when n % 9 = 0 then 'new' else 'closed' end,
    timestamptz '2025-06-01 00:00+00' + n * interval '2 minutes'
  from generate_series(1, round(204556 * ${SCALE})::bigint) n;
  insert into entity_labels (entity, label, date_created)
  select n / 4, rpad((array['topic', 'language', 'audience', 'quality'])[1 + n % 4] || ':' || n % 97, ${WIDTH}, md5((n % 97)::text)),
    timestamptz '2025-01-01 00:00+00' + n * interval '1 second'
  from generate_series(1, round(820183 * ${SCALE})::bigint) n`;

describe('the full fingerprint of the stand-in production', () => {
  it('is measured against pg_dump -s and a count of each table, in turns', async () => {
    const database = await standIn();
    const ours: number[] = [];
    const buckets: number[] = [];
    const dump: number[] = [];
    const count: number[] = [];
    const digests = new Set<string>();
    let rows = 0;
    for (let round = 0; round <= ROUNDS; round += 1) {
      const taken = await timed(() => sourceFingerprint(database));
      const detailed = await timed(() => cloneFingerprint(database));
      expect(detailed.value).toEqual(taken.value);
      const dumped = await timed(() => dumpSchema(database));
      const counted = await timed(() => countAll(database));
      digests.add(JSON.stringify(taken.value));
      rows = taken.value.rows;
      expect(counted.value).toBe(rows);
      if (round === 0) continue; // it fills the caches for all three
      ours.push(taken.ms);
      buckets.push(detailed.ms);
      dump.push(dumped.ms);
      count.push(counted.ms);
    }
    expect(digests.size).toBe(1);
    expect(Math.min(...ours, ...dump, ...count)).toBeGreaterThan(0);
    const bytes = await sizeOf(database);
    writeReport({ ours, buckets, dump, count, rows, bytes });
  });
});

async function standIn(): Promise<string> {
  const database = await preparedDatabase();
  const files = readdirSync(SQL)
    .filter((name) => /^\d/.test(name))
    .sort();
  const load = () =>
    run(join(bin, 'psql'), [
      ...['-X', '-q', '-d', urlOf(database), '-v', 'ON_ERROR_STOP=1', '-v', 'scale=0'],
      ...files.flatMap((name) => ['-f', join(SQL, name)]),
    ]);
  await withClient(urlOf('postgres'), async (cluster) => {
    await cluster.query('select pg_advisory_lock(7)'); // as preparedDatabase does: the files make roles
    await load();
  });
  await withClient(urlOf(database), async (client) => {
    await client.query(BULK);
    await client.query('vacuum analyze');
  });
  return database;
}

/** As production is read in a rehearsal: one session, and of large tables the digest alone. */
async function sourceFingerprint(database: string) {
  return withClient(urlOf(database), async (client) =>
    summarize(await takeFingerprint(client, { contents: 'all', large: 'digest alone' })),
  );
}

/** As a clone is read: two sessions on one snapshot, and what names the rows that differ. */
async function cloneFingerprint(database: string) {
  const { hostname: host, port, username: user, password } = new URL(urlOf(database));
  const endpoint = { host, port: Number(port), database, user, ...(password === '' ? {} : { password }) };
  const settings = {
    application: 'one-roof fingerprint',
    lockTimeoutMs: 15_000,
    statementTimeoutMs: 0,
    readOnly: true,
  } as const;
  return summarize(await takeInLanes(endpoint, settings, { lanes: 2, contents: 'all' }));
}

async function dumpSchema(database: string): Promise<string> {
  const dump = `'${join(bin, 'pg_dump')}' -s -N one_roof -d '${urlOf(database)}' | sha256sum`;
  return (await run('sh', ['-c', dump])).stdout;
}

/** One psql, a `count(*)` a table. */
async function countAll(database: string): Promise<number> {
  const tables = `select format('select count(*) from %I.%I', schemaname, tablename) from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema', 'one_roof')`;
  const script = `${tables} \\gexec\n`;
  const ran = run(join(bin, 'psql'), ['-X', '-q', '-t', '-A', '-d', urlOf(database)]);
  ran.child.stdin?.end(script);
  const { stdout } = await ran;
  return stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .reduce((sum, line) => sum + Number(line), 0);
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begun = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begun };
}

async function sizeOf(database: string): Promise<number> {
  return withClient(urlOf(database), async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      `select pg_database_size(current_database()) as bytes`,
    );
    return Number(rows[0]?.bytes);
  });
}

interface Measured {
  /** As production is read in a rehearsal. */
  readonly ours: readonly number[];
  /** As clones are read, to name the rows that differ later. */
  readonly buckets: readonly number[];
  readonly dump: readonly number[];
  readonly count: readonly number[];
  readonly rows: number;
  readonly bytes: number;
}

/** The figures of this run, to be printed and kept. */
function writeReport({ ours, buckets, dump, count, rows, bytes }: Measured): void {
  const line = (name: string, ms: readonly number[]): string =>
    `| ${name} | ${[median(ms), Math.min(...ms), Math.max(...ms)].map((each) => Math.round(each)).join(' | ')} |`;
  const peers = dump.map((each, index) => each + (count[index] ?? 0));
  const report = [
    `${Math.round(bytes / 1e6)} MB, ${rows} rows, ${ours.length} rounds in turns, load ${loadavg()[0]?.toFixed(1) ?? ''}`,
    '',
    '| | median ms | least | most |',
    '| --- | --- | --- | --- |',
    line('full fingerprint, as production is read', ours),
    line('full fingerprint, as a clone is read', buckets),
    line('`pg_dump -s \\| sha256sum`', dump),
    line('`count(*)` of each table', count),
    line('both', peers),
    '',
    `ratio of medians: ${ratio(ours, peers)} as production is read, ${ratio(buckets, peers)} as a clone is read`,
    '',
  ].join('\n');
  mkdirSync(join(CHECKOUT, '.one-roof'), { recursive: true });
  writeFileSync(join(CHECKOUT, '.one-roof', 'bench-fingerprint.md'), report);
  process.stdout.write(`${report}\n`);
}

function ratio(ours: readonly number[], peers: readonly number[]): string {
  return (median(ours) / median(peers)).toFixed(2);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
