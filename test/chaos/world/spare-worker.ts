import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { World } from './world';

/** A second worker of the same queues. */
export interface SpareWorker {
  end(): Promise<void>;
}

const END_LIMIT_MS = 15_000;

/** What a worker of this world is told. */
export function workerEnvironment({ addresses, bin, environment, state }: World): NodeJS.ProcessEnv {
  return {
    ...environment,
    ONE_ROOF_CONFIG: join(state.root, 'chaos-targets.yaml'),
    ONE_ROOF_STORE: addresses.store,
    ONE_ROOF_PG_BIN: bin,
    TEMPORAL_ADDRESS: addresses.temporal.address,
    TEMPORAL_NAMESPACE: addresses.temporal.namespace,
  };
}

/** Starts it beside the first and waits for its word. */
export async function startSpareWorker(world: World): Promise<SpareWorker> {
  const { build, state } = world;
  const child = spawn(process.execPath, [join(build, 'dist', 'worker', 'main.js'), '--spare'], {
    cwd: state.root,
    env: workerEnvironment(world),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the spare worker ended at once (${code ?? 'killed'})`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('worker ready')) resolve();
    });
  });
  return {
    end: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(timer);
    },
  };
}
