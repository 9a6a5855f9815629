import { spawn } from 'node:child_process';
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

/**
 * Runs a PostgreSQL program to its end. The password travels in the child's environment, never in its arguments.
 * @returns its standard output. @throws TOOL_FAILED with its own last words.
 */
export async function runProgram(run: ProgramRun): Promise<string> {
  const child = spawn(run.program, run.arguments, {
    env: childEnvironment(run),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    run.onLine?.(line);
    said.push(line);
    if (said.length > 20) said.shift();
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  if (code !== 0) throw failed(run.program, code, said);
  return output;
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
  return new ReleaseError(
    'TOOL_FAILED',
    `${program.split('/').at(-1) ?? program} ended with ${String(code)}: ${words}`,
  );
}
