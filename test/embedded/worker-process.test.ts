import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeEnvironment } from '../../src/embedded/server-environment';
import { startWorker, stopWorker, workerState } from '../../src/embedded/worker-process';
import { temporaryCheckout } from './state-places';

const READY = `console.log('{"level":30,"msg":"worker ready"}'); setInterval(() => {}, 1e6);`;

describe('the embedded worker', () => {
  const { checkout, state, remove } = temporaryCheckout();
  const options = {
    state,
    checkout,
    settings: { ONE_ROOF_STORE: '/store' },
    environment: wholeEnvironment(process.env),
  };

  afterEach(async () => {
    await stopWorker(state);
  });
  afterAll(remove);

  it('is started, and found running by the next up', async () => {
    build(READY);
    expect(await startWorker(options)).toBe('started');
    expect(await startWorker(options)).toBe('running');
  });

  it('is replaced when its settings or its build have changed', async () => {
    build(READY);
    await startWorker(options);
    expect(await startWorker({ ...options, settings: { ONE_ROOF_STORE: '/other' } })).toBe('replaced');
    build(READY, 'another build');
    expect(await startWorker({ ...options, settings: { ONE_ROOF_STORE: '/other' } })).toBe('replaced');
  });

  it('that dies at once is told with the end of its log', async () => {
    build(`console.error('no such service: nowhere'); process.exit(1);`);
    await expect(startWorker(options)).rejects.toThrow(/ended at once:\nno such service: nowhere/);
    expect(workerState(state).state).toBe('stale');
  });

  function build(main: string, stamp = 'a build'): void {
    mkdirSync(join(checkout, 'dist', 'worker'), { recursive: true });
    writeFileSync(join(checkout, 'dist', 'worker', 'main.js'), main);
    writeFileSync(join(checkout, 'dist', '.sources-sha256'), stamp);
  }
});
