import { spawn } from 'node:child_process';
import { SetupError } from './progress.mjs';

const running = new Map();
/** An interrupted set-up takes its programs with it: an orphaned `npm ci` would race with the next one's. */
process.once('exit', () => running.forEach((signal, child) => child.kill(signal)));

/** Runs a program and keeps its output. Never throws: `code` is null where it could not be started or was killed. */
export function attempt(program, args, { timeoutMs, ...options } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = startOrNull(program, args, { timeout: timeoutMs, ...options });
    if (child === null) return resolve({ code: null, output: `${program} could not be started` });
    running.set(child, options.killSignal ?? 'SIGTERM');
    child.stdout.on('data', (bytes) => (output += bytes));
    child.stderr.on('data', (bytes) => (output += bytes));
    child.once('error', (error) => resolve({ code: null, output: String(error.message) }));
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, output: output.trim() });
    });
  });
}

/** Node throws where the system refuses outright, as for a user that a namespace does not have. */
function startOrNull(program, args, options) {
  try {
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  } catch {
    return null;
  }
}

/** Runs a program quietly; where it fails, the error holds the end of what it said. */
export async function runQuietly(program, args, options = {}) {
  const { code, output } = await attempt(program, args, options);
  if (code === 0) return output;
  throw new SetupError(
    `${[program, ...args].join(' ')} failed (exit ${code ?? 'none'}):\n${shorten(output)}`,
    {
      mend: options.mend ?? [],
    },
  );
}

/** Some programs say first what went wrong, others last. */
function shorten(output) {
  const lines = output.split('\n');
  return lines.length <= 40 ? output : [...lines.slice(0, 20), '[…]', ...lines.slice(-20)].join('\n');
}
