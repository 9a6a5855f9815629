import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDaemon, startDaemon, stopDaemon } from '../../src/embedded/process';
import type { Daemon } from '../../src/embedded/process';
import { identify, isRunning } from '../../src/embedded/process-identity';
import { waitUntil } from '../../src/embedded/wait';
import { temporaryCheckout } from './state-places';

const GENTLY = [{ signal: 'SIGTERM', limitMs: 2_000 }] as const;

describe('a daemon', () => {
  const { state, remove } = temporaryCheckout();
  const started: number[] = [];

  afterAll(() => {
    for (const pid of started) if (identify(pid) !== undefined) process.kill(pid, 'SIGKILL');
    remove();
  });

  it('has a session of its own, so that Ctrl-C in a terminal does not reach it', () => {
    const { pid } = start('own-session');
    expect(fieldOfStat(pid, 3)).toBe(pid);
  });

  it('is stale when it has died', async () => {
    const victim = start('dies');
    process.kill(victim.pid, 'SIGKILL');
    expect(await waitUntil(() => !isRunning(victim), 5_000)).toBe(true);
    expect(findDaemon(state, daemon('dies')).state).toBe('stale');
  });

  it('is found by its mark when its record is lost', () => {
    const { pid } = start('lost');
    writeFileSync(recordOf('lost'), '');
    expect(findDaemon(state, daemon('lost'))).toMatchObject({ state: 'running', process: { pid } });
  });

  it('ends by SIGKILL where it does not listen', async () => {
    const deaf = start(
      'deaf',
      'process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1e6)',
    );
    await waitUntil(() => readFileSync(join(state.logs, 'deaf.log'), 'utf8').includes('deaf'), 5_000);
    await stopDaemon(state, daemon('deaf'), [{ signal: 'SIGTERM', limitMs: 200 }]);
    expect(isRunning(deaf)).toBe(false);
  });

  it('is not mistaken for a stranger that was given its pid', async () => {
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    const pid = stranger.pid ?? 0;
    started.push(pid);
    const record = { pid, started: '1 an-earlier-boot', mark: daemon('recycled').mark, edition: '' };
    writeFileSync(recordOf('recycled'), JSON.stringify(record));

    expect(findDaemon(state, daemon('recycled')).state).toBe('stale');
    expect(await stopDaemon(state, daemon('recycled'), GENTLY)).toBe('was not running');

    expect(identify(pid)).toBeDefined();
  });

  it('is another one than that of a copied state directory', () => {
    const { pid } = start('original');
    const copied = { ...daemon('original'), mark: '/copy/of/it' };
    expect(findDaemon(state, copied).state).toBe('stale');
    expect(identify(pid)).toBeDefined();
  });

  it('that cannot be started says so', () => {
    expect(() => startDaemon(state, { ...daemon('none'), command: '/no/such/program' })).toThrow(
      '/no/such/program could not be started',
    );
  });

  function daemon(name: string, script = 'setInterval(() => {}, 1e6)'): Daemon {
    const mark = `--mark=${state.root}/${name}`;
    return {
      name,
      command: process.execPath,
      args: ['-e', script, '--', mark],
      mark,
      environment: {},
      user: null,
      edition: '',
    };
  }

  function start(name: string, script?: string): { pid: number; started: string } {
    const process = startDaemon(state, daemon(name, script));
    started.push(process.pid);
    return process;
  }

  function recordOf(name: string): string {
    return join(state.processes, `${name}.json`);
  }
});

/** Linux only, as the tests' machine is: pid, name, state, ppid, pgrp, session. */
function fieldOfStat(pid: number, index: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[index]);
}
