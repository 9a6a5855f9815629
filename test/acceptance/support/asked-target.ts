import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { urlOf, withClient } from '../../support/database';
import { endpointOf, preparedDatabase } from '../../support/prepared';
import { CHECKOUT } from '../../support/temporal';

/** A prepared database as the only target of a folder, with a store beside it. */
export interface AskedTarget {
  readonly database: string;
  readonly folder: string;
  readonly store: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface CommandEnd {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The reader's password stands in the environment alone: nothing that is recorded may hold it. */
export async function askedTarget(sql: string): Promise<AskedTarget> {
  const database = await preparedDatabase(sql);
  const { user, password = '' } = endpointOf(database, 'reader');
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-asked-'));
  const store = join(folder, 'store');
  writeFileSync(
    join(folder, 'targets.yaml'),
    'shop: {kind: database, protected: false, connection: {urlFrom: SHOP}}\n',
  );
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    NODE_NO_WARNINGS: '1',
    ONE_ROOF_STORE: store,
    SHOP: urlOf(database, { name: user, password }),
  };
  return { database, folder, store, environment };
}

/** Starts the real command; stdin is open. */
export function begin(target: AskedTarget, ...words: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(CHECKOUT, 'bin', 'one-roof.mjs'), ...words], {
    cwd: target.folder,
    env: target.environment,
  });
}

/** Runs the real command to its end, with `input` on its stdin. */
export async function run(
  target: AskedTarget,
  words: readonly string[],
  input: string | Buffer = '',
): Promise<CommandEnd> {
  const child = begin(target, ...words);
  child.stdin.on('error', () => undefined); // whoever has read enough closes it
  child.stdin.end(input);
  return await ended(child);
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<CommandEnd> {
  const parts: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text));
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, ...parts };
}

const Line = z.record(z.string(), z.unknown());

/** The record of calls, line by line. */
export function recordOf({ store }: AskedTarget): readonly Readonly<Record<string, unknown>>[] {
  const folder = join(store, 'reads');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => Line.parse(JSON.parse(line)));
}

/** Sessions of the reader in the target's database. */
export async function sessionsOf({ database }: AskedTarget): Promise<number> {
  const sql = `select count(*)::int as n from pg_stat_activity where datname = $1 and usename = 'one_roof_reader'`;
  return await withClient(urlOf('postgres'), async (client) => {
    const answer = await client.query<{ n: number }>(sql, [database]);
    return answer.rows[0]?.n ?? -1;
  });
}
