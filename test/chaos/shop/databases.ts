import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { superuserUrl } from '../../../src/embedded/postgres-cluster';
import { prepareSqlOf } from '../world/build';
import { insist } from '../world/insist';
import { SHOP_NONCE } from '../world/world';
import type { World } from '../world/world';
import { INTRUDE, OPEN_GATE, SHOP_GRANTS, SHOP_SQL } from './files';

const run = promisify(execFile);

/** The target of the small package; the configuration names it so. */
export const SHOP = 'shop';

/** The tablespace on the small disk. */
const SMALL = 'chaos_small';

/** What the shop is like before a run. `broken`: the last tier will fail there. `one`: version 1 is released. */
export type Stock = 'open' | 'broken' | 'one' | 'one and broken';

/** Databases of others that look like ours: whoever drops one of them has dropped what is not ours. */
export const DECOYS = ['shop_rehearsal_20200101_c0ffee', 'one_roof_making_c0ffee', 'one_roof_drop_c0ffee'];

/** Makes the templates that need no release: with the gate open, and with the intruder. */
export async function makeTemplates(world: World): Promise<void> {
  if (world.smallDisk !== undefined)
    await world.sql('postgres', `create tablespace ${SMALL} location '${world.smallDisk.folder}'`);
  await world.sql('postgres', `create database ${templateOf('open')} template template0`);
  const sql = (text: string): Promise<unknown> => world.sql(templateOf('open'), text);
  await sql(SHOP_SQL);
  await sql(prepareSqlOf(world.build, { name: SHOP, nonce: SHOP_NONCE }));
  await sql(SHOP_GRANTS);
  await sql(OPEN_GATE);
  await breakTemplate(world, 'open', 'broken');
  for (const name of DECOYS) {
    await world.sql('postgres', `create database ${name} template template0 strategy file_copy`);
    await world.sql(
      'postgres',
      `comment on database ${name} is 'one-roof clone {"system":"1","oid":"1","nonce":"c0ffee"}'`,
    );
  }
}

/** Keeps the shop as it is now, for later runs. */
export async function keepShop(world: World): Promise<void> {
  await endSessions(world, SHOP);
  await insist('a template of the shop', () => copy(world, SHOP, templateOf('one')), 20_000);
  await breakTemplate(world, 'one', 'one and broken');
}

/** A fresh shop for a run. */
export async function freshShop(world: World, stock: Stock): Promise<void> {
  await insist('the old shop gone', () =>
    world.sql('postgres', `drop database if exists ${SHOP} with (force)`),
  );
  await copy(world, templateOf(stock), SHOP, world.smallDisk === undefined ? '' : `tablespace ${SMALL}`);
}

async function breakTemplate(world: World, from: Stock, to: Stock): Promise<void> {
  await copy(world, templateOf(from), templateOf(to));
  await world.sql(templateOf(to), INTRUDE);
}

async function copy(world: World, from: string, to: string, where = 'tablespace pg_default'): Promise<void> {
  await world.sql('postgres', `create database ${to} template ${from} strategy file_copy ${where}`);
}

/** Monitors and the worker's reads may still look in. */
async function endSessions(world: World, database: string): Promise<void> {
  await world.sql(
    'postgres',
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [database],
  );
}

function templateOf(stock: Stock): string {
  return `chaos_${stock.replaceAll(' ', '_')}`;
}

/** `\restrict` has a new key each time; comments name versions and dates. */
const NOISE = /^(--|\\restrict |\\unrestrict |$)/;

/** What plain `pg_dump` says of a database but for One-Roof's own schema, line by line; the rows of a table are sorted. */
export async function pgDump(world: World, database = SHOP): Promise<readonly string[]> {
  const url = new URL(superuserUrl(world.state, database));
  const env = { ...process.env, PGPASSWORD: url.password };
  url.password = '';
  const args = ['--exclude-schema=one_roof', '--dbname', url.toString()];
  const { stdout } = await run(join(world.bin, 'pg_dump'), args, { env, maxBuffer: 64 * 1024 * 1024 });
  return sortRows(stdout.split('\n')).filter((line) => !NOISE.test(line));
}

function sortRows(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  let rows: string[] | undefined;
  for (const line of lines) {
    if (rows === undefined) sorted.push(line);
    else if (line === '\\.') sorted.push(...rows.sort(), line);
    else rows.push(line);
    if (line.startsWith('COPY ')) rows = [];
    else if (line === '\\.') rows = undefined;
  }
  return sorted;
}
