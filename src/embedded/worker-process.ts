import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { editionOf, findDaemon, logEnd, logOf, logSince, startDaemon, stopDaemon } from './process';
import type { Daemon, DaemonState } from './process';
import type { ProcessIdentity } from './process-identity';
import type { StateDirectory } from './state';
import { waitUnless } from './wait';
import { readTextIfThere } from './whole-file';

/** Without a bundle made beforehand the worker bundles for 9 s on a cold disk. */
const READY_LIMIT_MS = 90_000;
/** The worker lets running activities end for a while before it cancels them. */
const STOP_LIMIT_MS = 30_000;

/** What is needed to run a worker of this checkout. */
export interface WorkerOptions {
  readonly state: StateDirectory;
  readonly checkout: string;
  /** ONE_ROOF_CONFIG, ONE_ROOF_STORE, TEMPORAL_ADDRESS, PGPASSFILE, …: a change of these restarts a running worker. */
  readonly settings: Readonly<Record<string, string>>;
  /** What else it inherits: PATH, and the variables that targets name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the worker and waits for its word; one that was started with other settings or an older build is replaced. */
export async function startWorker(options: WorkerOptions): Promise<'started' | 'replaced' | 'running'> {
  const { state } = options;
  const daemon = workerDaemon(options);
  const found = findDaemon(state, daemon);
  if (found.state === 'running' && found.edition === editionOf(daemon)) return 'running';
  await stopWorker(state);
  const start = logEnd(state, 'worker');
  await waitUntilReady(state, startDaemon(state, daemon), start);
  return found.state === 'running' ? 'replaced' : 'started';
}

/** Does it run? */
export function workerState(state: StateDirectory): DaemonState {
  return findDaemon(state, handle(state));
}

export async function stopWorker(state: StateDirectory): Promise<'stopped' | 'was not running'> {
  return await stopDaemon(state, handle(state), [{ signal: 'SIGTERM', limitMs: STOP_LIMIT_MS }]);
}

function handle(state: StateDirectory): Pick<Daemon, 'name' | 'command' | 'mark'> {
  return { name: 'worker', command: process.execPath, mark: `--worker-of=${state.root}` };
}

function workerDaemon({ state, checkout, settings, environment }: WorkerOptions): Daemon {
  const main = join(checkout, 'dist', 'worker', 'main.js');
  if (!existsSync(main)) throw new ReleaseError('SETUP_INCOMPLETE', `${main} has not been built`);
  const build = readTextIfThere(join(checkout, 'dist', '.sources-sha256')) ?? '';
  return {
    ...handle(state),
    args: ['--enable-source-maps', main, handle(state).mark],
    environment: { ...environment, ...settings },
    user: null,
    edition: JSON.stringify([build, settings]),
  };
}

async function waitUntilReady(state: StateDirectory, worker: ProcessIdentity, start: number): Promise<void> {
  const hasEnded = (): boolean => workerState(state).state !== 'running';
  const isReady = (): Promise<boolean> => Promise.resolve(saidReady(logSince(state, 'worker', start)));
  if (await waitUnless(hasEnded, isReady, READY_LIMIT_MS)) return;
  const fact = hasEnded() ? 'ended at once' : `is not ready after ${READY_LIMIT_MS / 1000} s`;
  const tail = logSince(state, 'worker', start).trim().split('\n').slice(-12).join('\n');
  throw new ReleaseError('TOOL_FAILED', `the worker (pid ${worker.pid}) ${fact}:\n${tail}`, {
    hint: `Its log is ${logOf(state, 'worker')}. Mend what it names, then \`one-roof up\` again.`,
  });
}

function saidReady(log: string): boolean {
  return log.split('\n').some((line) => line.includes('"msg":"worker ready"'));
}
