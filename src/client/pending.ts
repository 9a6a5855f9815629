import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { temporal } from '@temporalio/proto';
import { Progress } from '../core/schema/heartbeat';
import type { Temporal } from './connection';
import { isNotFound } from './rpc-error';

/** An activity that has not ended, as the server sees it: no worker needs to answer for this. */
export interface PendingActivity {
  readonly activity: string;
  readonly attempt: number;
  /** It waits in its queue: for the next try, or because no worker has taken it. */
  readonly queuedSince: string | null;
  readonly progress: Progress | null;
  /** Why the last attempt failed, in its own words. */
  readonly lastFailure: string | null;
}

const SCHEDULED = temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;

/** The activities under way; their progress is what their last heartbeat said. */
export async function pendingActivities(
  client: Client,
  { raw }: WorkflowExecutionDescription,
): Promise<readonly PendingActivity[]> {
  return await Promise.all((raw.pendingActivities ?? []).map((pending) => describePending(client, pending)));
}

/** The same of a workflow by its id; none where there is no such workflow. */
export async function pendingOf({ client }: Temporal, id: string): Promise<readonly PendingActivity[]> {
  try {
    return await pendingActivities(client, await client.workflow.getHandle(id).describe());
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function describePending(
  client: Client,
  pending: temporal.api.workflow.v1.IPendingActivityInfo,
): Promise<PendingActivity> {
  const isQueued = pending.state === SCHEDULED;
  return {
    activity: pending.activityType?.name ?? 'activity',
    attempt: pending.attempt ?? 1,
    queuedSince: isQueued ? isoTime(pending.scheduledTime) : null,
    progress: await progressOf(client, pending),
    lastFailure: pending.lastFailure?.message ?? null,
  };
}

async function progressOf(
  client: Client,
  { heartbeatDetails }: temporal.api.workflow.v1.IPendingActivityInfo,
): Promise<Progress | null> {
  const details = await decodeArrayFromPayloads(
    client.options.loadedDataConverter,
    heartbeatDetails?.payloads,
  );
  return Progress.safeParse(details[0]).data ?? null;
}

function isoTime(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null {
  if (time === null || time === undefined) return null;
  return new Date(Number(time.seconds) * 1000 + (time.nanos ?? 0) / 1e6).toISOString();
}
