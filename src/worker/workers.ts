import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/activities';
import { WORKFLOW_QUEUE, targetQueue } from '../core/rules/contract';
import { evidenceFolder } from '../evidence/evidence-folder';
import { folderStore } from '../package/store';
import { buildAt, keepBuild, keptBuild } from './builds';
import { DEPLOYMENT, readDeployment } from './deployment';
import type { WorkerSettings } from './settings';

export interface WorkerWorld {
  readonly settings: WorkerSettings;
  readonly connection: NativeConnection;
  readonly clientConnection: Connection;
  /** Only these queues; all that the targets name, and the workflows' own, where it is empty. */
  readonly queues: readonly string[];
  /** Hears errors with the values of rows in them. */
  readonly reveal?: (words: string) => void;
}

/** What runs is let end for this time before it is cancelled: a tier's statement mostly does. */
const GRACE = '20s';

/** A hundred releases that wake at once must not take all connections of their target. */
const MOST_AT_A_TARGET = 24;

/** The workers, and what becomes of the deployment once they poll. */
export interface Started {
  readonly workers: readonly Worker[];
  /** The build that is to be current; null where the server knows no builds, or this process runs no workflows. */
  readonly build: string | null;
  /** Builds with pinned releases that nobody here can run: their bundles are not in the store. */
  readonly missing: readonly string[];
}

/**
 * One worker a queue: workflows and package work on their own, each target on its own; and one more of the workflows' queue for
 * each older build on which pinned releases live.
 */
export async function startWorkers(world: WorkerWorld): Promise<Started> {
  const { settings, connection, clientConnection } = world;
  const { namespace } = settings.temporal;
  const activities = createActivities({
    targets: settings.targets,
    environment: settings.environment,
    store: folderStore(settings.storeRoot),
    evidence: evidenceFolder(settings.storeRoot, settings.signingKey),
    programs: settings.programs,
    client: new Client({ connection: clientConnection, namespace }),
    ...(world.reveal === undefined ? {} : { reveal: world.reveal }),
    currentBuild: async () => (await readDeployment({ connection: clientConnection, namespace })).current,
  });
  const shared = {
    connection,
    namespace,
    activities,
    shutdownGraceTime: GRACE,
  } satisfies Partial<WorkerOptions>;
  const queues = queuesOf(world);
  const builds = queues.includes(WORKFLOW_QUEUE) ? await buildsToRun(world) : NO_BUILDS;
  const workers = await Promise.all([
    ...queues
      .filter((queue) => queue !== WORKFLOW_QUEUE)
      .map((taskQueue) =>
        Worker.create({ ...shared, taskQueue, maxConcurrentActivityTaskExecutions: MOST_AT_A_TARGET }),
      ),
    ...builds.run.map((build) =>
      Worker.create({ ...shared, taskQueue: WORKFLOW_QUEUE, ...workflowsOf(build), maxCachedWorkflows: 500 }),
    ),
  ]);
  return { workers, build: builds.current, missing: builds.missing };
}

/** `build`: null runs the workflows unversioned. */
interface Builds {
  readonly run: readonly { readonly codePath: string; readonly build: string | null }[];
  readonly current: string | null;
  readonly missing: readonly string[];
}

const NO_BUILDS: Builds = { run: [], current: null, missing: [] };

async function buildsToRun({ settings, clientConnection }: WorkerWorld): Promise<Builds> {
  const mine = buildAt(join(__dirname, '..', 'workflow-bundle.js'));
  const place = { connection: clientConnection, namespace: settings.temporal.namespace };
  const { supported, draining } = await readDeployment(place);
  if (!supported) return { ...NO_BUILDS, run: [{ codePath: mine.codePath, build: null }] };
  keepBuild(settings.storeRoot, mine);
  const older = draining
    .filter((id) => id !== mine.id)
    .map((id) => [id, keptBuild(settings.storeRoot, id)] as const);
  const kept = older.flatMap(([, build]) => build ?? []);
  return {
    run: [mine, ...kept].map(({ id, codePath }) => ({ codePath, build: id })),
    current: mine.id,
    missing: older.flatMap(([id, build]) => (build === undefined ? [id] : [])),
  };
}

function workflowsOf({ codePath, build }: Builds['run'][number]): Partial<WorkerOptions> {
  const workflowBundle = { codePath };
  if (build === null) return { workflowBundle };
  const version = { deploymentName: DEPLOYMENT, buildId: build };
  return {
    workflowBundle,
    workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' },
  };
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
