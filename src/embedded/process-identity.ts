import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

/** A process for certain: pids are used again, but not with the same time of start in the same boot. */
export const ProcessIdentity = z.object({ pid: z.number().int().positive(), started: z.string() });
export type ProcessIdentity = Readonly<z.infer<typeof ProcessIdentity>>;

/** How a process of ours is recognised without a record: its program, and an argument that names the state. */
export interface Marker {
  readonly program: string;
  readonly argument: string;
}

/** The process that has this pid now; undefined where there is none, or only what remains of one that has ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Does this very process still run? */
export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.started === process.started;
}

/** The oldest process with the marker: servers fork children that look like them for a moment. */
export function findByMarker(marker: Marker): ProcessIdentity | undefined {
  const pids = process.platform === 'linux' ? markedOnLinux(marker) : markedByPs(marker);
  const found = pids.map(identify).filter((each) => each !== undefined);
  return found.sort((a, b) => ticksOf(a) - ticksOf(b) || a.pid - b.pid)[0];
}

function ticksOf(process: ProcessIdentity): number {
  return Number(process.started.split(' ')[0]);
}

/** Field 22 of /proc/PID/stat, in ticks since the boot that is named with it. The name in field 2 may hold anything. */
function startedOnLinux(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return `${fields[19] ?? ''} ${readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`;
}

function startedByPs(pid: number): string | undefined {
  const line = ps(['-o', 'stat=,lstart=', '-p', String(pid)]).trim();
  const [state = 'Z', ...started] = line.split(/\s+/);
  if (line === '' || state.startsWith('Z')) return undefined;
  return `${Date.parse(started.join(' '))} ${started.join('-')}`;
}

function markedOnLinux(marker: Marker): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const [program = '', ...args] = readProc(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
    return basename(program) === marker.program && args.includes(marker.argument);
  });
}

function markedByPs(marker: Marker): readonly number[] {
  const lines = ps(['-axww', '-o', 'pid=,command=']).split('\n');
  const ours = lines.filter((line) => {
    const [, program = ''] = line.trim().split(/\s+/);
    return basename(program) === marker.program && ` ${line} `.includes(` ${marker.argument} `);
  });
  return ours.map((line) => Number.parseInt(line, 10));
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it has ended, or is not ours to look at
  }
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return ''; // no process fits
  }
}
