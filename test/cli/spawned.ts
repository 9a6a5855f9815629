import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built command line: its progress list is ESM, which jest does not load. */
const MAIN = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

export const REFERENCE = join(__dirname, '..', '..', 'sql', 'one-roof-governance');

/** For a command that never ends, on whatever machine. */
const LIMIT_MS = 240_000;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it in a folder, else in an empty one, with nothing in the environment but what is given. */
export function run(
  words: readonly string[],
  ...[folder, more]: readonly [string?, NodeJS.ProcessEnv?]
): Ended {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', NODE_NO_WARNINGS: '1', ...more };
  const cwd = folder ?? mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
  const ended = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

export function errorOf(stdout: string): unknown {
  const document: unknown = JSON.parse(stdout);
  return typeof document === 'object' && document !== null ? Reflect.get(document, 'error') : undefined;
}

/** A folder of its own with this targets.yaml in it. */
export function folderWith(targets: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-cli-'));
  writeFileSync(join(folder, 'targets.yaml'), targets);
  return folder;
}
