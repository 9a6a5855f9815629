import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../src/embedded/lock';
import { identify } from '../../src/embedded/process-identity';

describe('the lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'or-lock-'));
  const file = join(folder, 'up.lock');

  const strangers: ChildProcess[] = [];

  afterEach(() => {
    for (const child of strangers.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one at a time in, and leaves nothing behind', async () => {
    const inside: number[] = [];
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        held(async () => {
          inside.push(number);
          most = Math.max(most, inside.length);
          await new Promise((resolve) => setImmediate(resolve));
          inside.pop();
        }),
      ),
    );
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over by one alone from a holder that was killed', async () => {
    await leftByADeadHolder();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([held(work), held(work), held(work)]);
    expect(most).toBe(1);
  });

  it('is not held by one whose name a rival has written over the dead one’s', async () => {
    await leftByADeadHolder();
    const rival = stranger();
    const seen: number[] = [];
    let told: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (told = resolve));
    const onWait = ({ pid }: { readonly pid: number }): void => {
      seen.push(pid);
      told();
    };
    let isIn = false;
    const entered = withLock(file, onWait, () => Promise.resolve((isIn = true)));
    writeFileSync(file, JSON.stringify({ ...identify(rival.pid ?? 0), nonce: 'rival' }));
    await Promise.race([waits, entered]);
    expect([isIn, seen]).toEqual([false, [rival.pid]]);
    rival.kill('SIGKILL');
    await entered;
    expect(isIn).toBe(true);
  });

  it('is free again when the work fails', async () => {
    await expect(held(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await held(() => Promise.resolve('in'))).toBe('in');
  });

  async function held<T>(work: () => Promise<T>): Promise<T> {
    return await withLock(file, () => undefined, work);
  }

  async function leftByADeadHolder(): Promise<void> {
    const child = stranger();
    const holder = { ...identify(child.pid ?? 0), nonce: 'dead' };
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    writeFileSync(file, JSON.stringify(holder));
  }

  function stranger(): ChildProcess {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    strangers.push(child);
    return child;
  }
});
