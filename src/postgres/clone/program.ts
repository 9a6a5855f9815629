import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ReleaseError } from '../../core/rules/release-error';
import type { Endpoint, Environment } from '../endpoint';

/** A PostgreSQL program and how it is watched. */
export interface ProgramRun {
  /** The full path of pg_dump, pg_restore, … */
  readonly program: string;
  readonly endpoint: Endpoint;
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  /** Each line that it says on standard error (with `--verbose`: one an object). */
  readonly onLine?: (line: string) => void;
}

/** How long a program may take to end by itself: pg_dump tells the server to cancel, and its workers to end. */
const GRACE_MS = 5_000;

/**
 * Runs a PostgreSQL program to its end. The password travels in the child's environment, never in its arguments.
 * @returns its standard output. @throws TOOL_FAILED with its own last words; ABORTED when its signal fired. In every case
 * it and its workers are gone.
 */
export async function runProgram(run: ProgramRun): Promise<string> {
  verifyNotAborted(run);
  const child = spawn(run.program, run.arguments, {
    env: childEnvironment(run),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, so that its workers are reached too
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    run.onLine?.(line);
    said.push(line);
    if (said.length > 20) said.shift();
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await endOf(child, run.signal);
  verifyNotAborted(run);
  if (code !== 0) throw failed(run.program, code, said);
  return output;
}

/** `close` comes when the last of the group has let go of the pipes: the program, and the workers that it forked. */
async function endOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<number | null> {
  let forced: NodeJS.Timeout | undefined;
  const stop = (): void => {
    endGroup(child, 'SIGTERM');
    forced = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS).unref();
  };
  const kill = (): void => endGroup(child, 'SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  process.once('exit', kill);
  try {
    return await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  } finally {
    process.removeListener('exit', kill);
    signal?.removeEventListener('abort', stop);
    clearTimeout(forced);
  }
}

function endGroup(child: ChildProcess, how: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, how);
  } catch {
    // the group has ended by itself: that is what was wanted
  }
}

function verifyNotAborted({ program, signal }: ProgramRun): void {
  if (signal?.aborted === true) throw new ReleaseError('ABORTED', `${nameOf(program)} was cancelled`);
}

function nameOf(program: string): string {
  return program.split('/').at(-1) ?? program;
}

function childEnvironment(run: ProgramRun): NodeJS.ProcessEnv {
  const { host, port, user, database, password, tls } = run.endpoint;
  return {
    ...run.environment,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGAPPNAME: 'one-roof clone',
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...(tls === undefined ? {} : { PGSSLMODE: tls === 'verify' ? 'verify-full' : 'require' }),
  };
}

function failed(program: string, code: number | null, said: readonly string[]): ReleaseError {
  const errors = said.filter((line) => /error|fatal|detail|hint/i.test(line));
  const words = (errors.length > 0 ? errors : said).slice(-5).join('\n');
  return new ReleaseError('TOOL_FAILED', `${nameOf(program)} ended with ${String(code)}: ${words}`);
}
