import { spawnSync } from 'node:child_process';
import { runProgram } from '../../src/postgres/clone/program';

const ENDPOINT = { host: 'localhost', port: 1, database: 'x', user: 'x' };

describe('a PostgreSQL program that is cancelled', () => {
  it.each([
    ['ends by itself', 'echo $$ >&2; exec sleep 50'],
    ['and its worker', 'sleep 50 & echo $! >&2; wait'],
    [
      'is deaf, and so is its worker',
      `trap '' TERM; sh -c 'trap "" TERM; echo $$ >&2; sleep 50; sleep 50' & wait; wait`,
    ],
  ])('is gone when that is reported: it %s', async (_, script) => {
    const stop = new AbortController();
    let pid = 0;
    const program = runProgram({
      program: '/bin/sh',
      endpoint: ENDPOINT,
      arguments: ['-c', script],
      environment: {},
      signal: stop.signal,
      onLine: (line) => {
        pid = Number(line);
        stop.abort();
      },
    });
    await expect(program).rejects.toMatchObject({ code: 'ABORTED' });
    expect(stateOf(pid)).toMatch(/^(gone|Z)/);
  });

  it('does not start when it was cancelled before', async () => {
    const order = { program: '/bin/false', endpoint: ENDPOINT, arguments: [], environment: {} };
    const program = runProgram({ ...order, signal: AbortSignal.abort() });
    await expect(program).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

/** In `ps`'s letters. A zombie runs no more; whether it is fetched is up to the machine's process 1. */
function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || 'gone';
}
