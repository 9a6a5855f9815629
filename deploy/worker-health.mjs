import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** A poll lasts at most a minute: a worker that the server has not heard of for two is gone. */
const SILENT_MS = 120_000;
const WORKFLOW_QUEUE = 'one-roof';

/** Is this machine's worker polling these queues? Asked of the Temporal server: it alone knows whom it would give work. */
async function verifyPolling(queues) {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 5_000 });
  try {
    for (const queue of queues) await verifyPolled(connection, { namespace, queue });
  } finally {
    await connection.close();
  }
}

async function verifyPolled({ workflowService }, { namespace, queue }) {
  const taskQueue = { name: queue };
  const answers = await Promise.all(
    [1, 2].map((taskQueueType) => workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType })),
  );
  const isOurs = ({ identity, lastAccessTime }) =>
    identity?.endsWith(`@${hostname()}`) &&
    Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < SILENT_MS;
  if (answers.some(({ pollers }) => pollers?.some(isOurs))) return;
  throw new Error(`no worker of ${hostname()} polls queue ${queue} of namespace ${namespace}`);
}

try {
  const queues = process.argv.slice(2);
  await verifyPolling(queues.length === 0 ? [WORKFLOW_QUEUE] : queues);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
