import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { superuserUrl } from '../../../src/embedded/postgres-cluster';
import { PRODUCTION } from './greenfield';
import type { World } from './world';

const run = promisify(execFile);

/** Rows of the organic table come and go beside us; One-Roof's own schema is no part of what it promises. */
const LEFT_OUT = ['--exclude-schema=one_roof', '--exclude-table-data=public.system_issues'];
const ORGANIC_SEQUENCE = /^SELECT pg_catalog\.setval\('public\.system_issues_/;
/** `\restrict` has a new key each time; comments name versions and dates. */
const NOISE = /^(--|\\restrict |\\unrestrict |$)/;

/** What plain `pg_dump` says of a database, line by line; the rows of a table are sorted. */
export async function pgDump(world: World, database: string = PRODUCTION): Promise<readonly string[]> {
  const url = new URL(superuserUrl(world.state, database));
  const env = { ...process.env, PGPASSWORD: url.password };
  url.password = '';
  const args = [...LEFT_OUT, '--dbname', url.toString()];
  const { stdout } = await run(join(world.bin, 'pg_dump'), args, { env, maxBuffer: 256 * 1024 * 1024 });
  const lines = stdout.split('\n').filter((line) => !ORGANIC_SEQUENCE.test(line));
  return sortRows(lines).filter((line) => !NOISE.test(line));
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
