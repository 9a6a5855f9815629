import { setTimeout as wait } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';

/** All workers of One-Roof are versions of this one deployment. */
export const DEPLOYMENT = 'one-roof';

/** Where a worker's Temporal is. */
export interface Place {
  readonly connection: Connection;
  readonly namespace: string;
}

/** What the server knows of the deployment; `supported: false`: it knows no deployments at all. */
export interface Deployment {
  readonly supported: boolean;
  readonly current: string | null;
  /** Builds that are not current any more and on which pinned workflows still live. */
  readonly draining: readonly string[];
}

/** Status codes of gRPC. */
const NOT_FOUND: number = 5;
const UNIMPLEMENTED: number = 12;
/** A version is known once its worker has polled. */
const REGISTER_LIMIT_MS = 30_000;
const RETRY_MS = 100;
/** WorkerDeploymentVersionStatus: DRAINING. */
const DRAINING = 4;

export async function readDeployment({ connection, namespace }: Place): Promise<Deployment> {
  try {
    const { workerDeploymentInfo: info } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName: DEPLOYMENT,
    });
    const draining = (info?.versionSummaries ?? []).filter((version) => Number(version.status) === DRAINING);
    return {
      supported: true,
      current: info?.routingConfig?.currentDeploymentVersion?.buildId ?? null,
      draining: draining.flatMap((version) => version.deploymentVersion?.buildId ?? []),
    };
  } catch (error) {
    const supported = codeOf(error) !== UNIMPLEMENTED;
    if (supported && codeOf(error) !== NOT_FOUND) throw error;
    return { supported, current: null, draining: [] };
  }
}

function codeOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}

/** From now on what begins, and what waits and may move, runs by this build. Its worker must be polling. */
export async function makeCurrent({ connection, namespace }: Place, buildId: string): Promise<void> {
  const deadline = Date.now() + REGISTER_LIMIT_MS;
  for (;;) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: DEPLOYMENT,
        buildId,
        identity: 'one-roof-worker',
        ignoreMissingTaskQueues: true,
      });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(RETRY_MS);
    }
  }
}
