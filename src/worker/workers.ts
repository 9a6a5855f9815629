import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/activities';
import { WORKFLOW_QUEUE, targetQueue } from '../core/rules/contract';
import { evidenceFolder } from '../evidence/evidence-folder';
import { folderStore } from '../package/store';
import type { WorkerSettings } from './settings';

export interface WorkerWorld {
  readonly settings: WorkerSettings;
  readonly connection: NativeConnection;
  readonly clientConnection: Connection;
  /** Only these queues; all that the targets name, and the workflows' own, where it is empty. */
  readonly queues: readonly string[];
}

/** What runs is let end for this time before it is cancelled: a tier's statement mostly does. */
const GRACE = '20s';

/** One worker a queue: workflows and package work on their own, each target on its own. */
export async function startWorkers(world: WorkerWorld): Promise<readonly Worker[]> {
  const { settings, connection, clientConnection } = world;
  const { namespace } = settings.temporal;
  const activities = createActivities({
    targets: settings.targets,
    environment: settings.environment,
    store: folderStore(settings.storeRoot),
    evidence: evidenceFolder(settings.storeRoot, settings.signingKey),
    programs: settings.programs,
    client: new Client({ connection: clientConnection, namespace }),
  });
  const shared = {
    connection,
    namespace,
    activities,
    shutdownGraceTime: GRACE,
  } satisfies Partial<WorkerOptions>;
  const create = (taskQueue: string): Promise<Worker> =>
    Worker.create({
      ...shared,
      taskQueue,
      ...(taskQueue === WORKFLOW_QUEUE ? { ...workflowSource(), maxCachedWorkflows: 500 } : {}),
    });
  return Promise.all(queuesOf(world).map(create));
}

/** Ends a worker that runs; a second request is none. */
export function closeWorkers(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

function queuesOf({ settings, queues }: WorkerWorld): readonly string[] {
  if (queues.length > 0) return queues;
  const ofTargets = Object.entries(settings.targets).map(
    ([name, target]) => target.queue ?? targetQueue(name),
  );
  return [...new Set([WORKFLOW_QUEUE, ...ofTargets])];
}

/** The bundle that the build made; without one (in development) the worker bundles by itself. */
function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: join(__dirname, '..', 'workflows') };
}
