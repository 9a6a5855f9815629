import { NativeConnection } from '@temporalio/worker';
import { Connection } from '@temporalio/client';
import pino from 'pino';
import { makeCurrent } from './deployment';
import { closeWorkers, startWorkers } from './workers';
import { readWorkerSettings } from './settings';

/** The worker's composition root: reads the environment, opens the connections, runs until it is told to stop. */
export async function runWorker(queues: readonly string[] = []): Promise<void> {
  const log = pino({ name: 'one-roof-worker' });
  const settings = readWorkerSettings(process.env);
  const connection = await NativeConnection.connect(settings.temporal.connection);
  const clientConnection = await Connection.connect(settings.temporal.connection);
  const reveal = (words: string): void => log.warn({ words }, 'the server said, of rows');
  const world = {
    settings,
    connection,
    clientConnection,
    queues,
    ...(settings.revealData ? { reveal } : {}),
  };
  const { workers, build, missing } = await startWorkers(world);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const stop = (): void => workers.forEach((worker) => closeWorkers(worker));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  for (const old of missing)
    log.error({ build: old }, 'releases are pinned to a build that is not in the store: start its worker');
  const { address, namespace } = settings.temporal;
  const announce = async (): Promise<void> => {
    try {
      if (build !== null) await makeCurrent({ connection: clientConnection, namespace }, build);
    } catch (error) {
      stop();
      throw error;
    }
    const taskQueues = workers.map((worker) => worker.options.taskQueue);
    log.info({ build, queues: taskQueues, address, namespace }, 'worker ready');
  };
  try {
    await Promise.all([running, announce()]);
  } finally {
    await clientConnection.close();
    await connection.close();
  }
}

if (require.main === module) {
  runWorker().catch((error: unknown) => {
    pino({ name: 'one-roof-worker' }).fatal({ err: error }, 'worker ended');
    process.exitCode = 1;
  });
}
