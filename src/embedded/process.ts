import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { ProcessIdentity, findByMarker, identify, isRunning } from './process-identity';
import type { Marker } from './process-identity';
import { invocationAs } from './server-user';
import type { ServerUser } from './server-user';
import type { StateDirectory } from './state';
import { readTextIfThere, readJsonIfThere, writeWholeFile } from './whole-file';
import { waitUntil } from './wait';

const LONGEST_LOG_BYTES = 20_000_000;

/** A server that outlives the command that starts it. */
export interface Daemon {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** One of `args` that no other state's server has: it is found by it where the record was lost. */
  readonly mark: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: ServerUser | null;
  /** What it was started with beyond its arguments; where it differs, a running one is out of date. */
  readonly edition: string;
}

const ProcessRecord = ProcessIdentity.extend({ mark: z.string(), edition: z.string() });

/** What is known of a daemon. stale: it was started and has ended by itself. */
export type DaemonState =
  | { readonly state: 'running'; readonly process: ProcessIdentity; readonly edition: string | undefined }
  | { readonly state: 'stale' | 'stopped' };

/** A signal, and how long the process may take to end by it. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly limitMs: number;
}

/** Starts it in a session of its own, so that Ctrl-C and a closed terminal do not reach it, and records it at once. */
export function startDaemon(state: StateDirectory, daemon: Daemon): ProcessIdentity {
  const log = openSync(rotated(logOf(state, daemon.name)), 'a', 0o600);
  const { command, args, as } = invocationAs(daemon.user, daemon.command, daemon.args);
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: daemon.environment,
    cwd: daemon.user === null ? state.root : state.postgres,
    ...as,
  });
  closeSync(log);
  child.once('error', () => undefined); // the missing pid below says it
  child.unref();
  const process = child.pid === undefined ? undefined : identify(child.pid);
  if (process === undefined) {
    throw new ReleaseError('TOOL_FAILED', `${daemon.command} could not be started, or ended at once`, {
      hint: `Its log is ${logOf(state, daemon.name)}. Run \`npm run setup\` if the program is gone.`,
    });
  }
  const record = { ...process, mark: daemon.mark, edition: editionOf(daemon) };
  writeWholeFile(recordOf(state, daemon.name), `${JSON.stringify(record)}\n`);
  return process;
}

/** Is it running? By its record, or, where that was lost or is of a copied folder, by its mark. */
export function findDaemon(
  state: StateDirectory,
  daemon: Pick<Daemon, 'name' | 'command' | 'mark'>,
): DaemonState {
  const record = readJsonIfThere(recordOf(state, daemon.name), ProcessRecord);
  const recorded = record?.mark === daemon.mark && isRunning(record) ? record : undefined;
  const process = recorded ?? findByMarker(markerOf(daemon));
  if (process !== undefined) return { state: 'running', process, edition: recorded?.edition };
  return { state: record === undefined ? 'stopped' : 'stale' };
}

/** Ends it, gently at first. Only the very process that we know is signalled, never one that got its pid later. */
export async function stopDaemon(
  state: StateDirectory,
  daemon: Pick<Daemon, 'name' | 'command' | 'mark'>,
  steps: readonly StopStep[],
): Promise<'stopped' | 'was not running'> {
  const found = findDaemon(state, daemon);
  if (found.state === 'running') await end(daemon.name, found.process, steps);
  rmSync(recordOf(state, daemon.name), { force: true });
  return found.state === 'running' ? 'stopped' : 'was not running';
}

/** What a daemon was started with, in one word: arguments and edition. */
export function editionOf(daemon: Daemon): string {
  const whole = JSON.stringify([daemon.command, daemon.args, daemon.edition]);
  return createHash('sha256').update(whole).digest('hex').slice(0, 16);
}

/** Where a daemon's output goes. */
export function logOf(state: StateDirectory, name: string): string {
  return join(state.logs, `${name}.log`);
}

/** How long the log is: what is written from there on is the next start's. */
export function logEnd(state: StateDirectory, name: string): number {
  return Buffer.byteLength(readTextIfThere(logOf(state, name)) ?? '');
}

/** What a daemon has written since then. */
export function logSince(state: StateDirectory, name: string, start: number): string {
  const bytes = Buffer.from(readTextIfThere(logOf(state, name)) ?? '');
  return bytes.subarray(bytes.length < start ? 0 : start).toString('utf8');
}

async function end(name: string, process: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  for (const { signal, limitMs } of [...steps, { signal: 'SIGKILL', limitMs: 10_000 } as const]) {
    if (!isRunning(process)) return;
    signalIfThere(process, signal);
    if (await waitUntil(() => !isRunning(process), limitMs)) return;
  }
  throw new ReleaseError('TOOL_FAILED', `${name} (pid ${process.pid}) does not end, not even by SIGKILL`);
}

function signalIfThere(found: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(found.pid, signal);
  } catch (error) {
    if (isRunning(found)) throw error; // else it ended between the question and the signal
  }
}

function markerOf(daemon: Pick<Daemon, 'command' | 'mark'>): Marker {
  return { program: basename(daemon.command), argument: daemon.mark };
}

function recordOf(state: StateDirectory, name: string): string {
  return join(state.processes, `${name}.json`);
}

function rotated(log: string): string {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LONGEST_LOG_BYTES) renameSync(log, `${log}.1`);
  return log;
}
