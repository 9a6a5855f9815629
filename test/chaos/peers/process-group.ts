import { spawn } from 'node:child_process';

/** A program, its arguments, where it runs, and its whole environment. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Ended {
  /** null: it was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
}

/** A program that runs, with all that it has started. */
export interface Running {
  /** Everything that it has started is over too. */
  readonly ended: Promise<Ended>;
  /** Its first process is over; what that has started may go on. */
  readonly gone: Promise<void>;
  readonly hasEnded: () => boolean;
  /** `kill -9`: for every process of it at once, as when a container is killed, or for its first alone. */
  kill(which: Victims): void;
}

/** Whom a kill hits. */
export type Victims = 'every process' | 'the first process';

const running = new Set<Running>();

/** Starts a program as the leader of a process group of its own. */
export function start(command: Command): Running {
  const began = Date.now();
  let output = '';
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: output.trim(), ms: Date.now() - began }));
  });
  let isOver = false;
  const group: Running = {
    ended: ended.finally(() => {
      isOver = true;
      running.delete(group);
    }),
    gone: new Promise((resolve) => child.once('exit', () => resolve())),
    hasEnded: () => isOver,
    kill: (which) => {
      if (child.pid === undefined || isOver) return;
      if (which === 'every process') killGroup(child.pid);
      else child.kill('SIGKILL');
    },
  };
  running.add(group);
  return group;
}

/** Runs a program to its end; one that takes longer than the limit is killed. */
export async function runToEnd(command: Command, limitMs: number): Promise<Ended> {
  const group = start(command);
  const timer = setTimeout(() => group.kill('every process'), limitMs);
  try {
    return await group.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a program that must succeed, and gives what it printed. */
export async function mustRun(command: Command, limitMs = 120_000): Promise<string> {
  const { code, output } = await runToEnd(command, limitMs);
  if (code === 0) return output;
  const words = [command.program.split('/').at(-1), ...command.args].join(' ');
  throw new Error(`${words} failed (exit ${code ?? 'by a signal'}):\n${output}`);
}

/** Ends whatever still runs. */
export function killAll(): void {
  for (const group of running) group.kill('every process');
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // the last of the group ended a moment ago
  }
}
