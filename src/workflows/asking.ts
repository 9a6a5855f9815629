import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor, ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/activities';
import { WORKFLOW_QUEUE } from '../core/rules/contract';

/*
 * All time limits and retries of activities, each with its reason.
 *
 * heartbeat 10 s: a worker that is dead is known after ten seconds; a beat is sent every 1.5 s, also beside silent SQL.
 * cancellation WAIT_CANCELLATION_COMPLETED: a rollback never runs beside the apply that it undoes.
 */
const WATCHED = {
  heartbeatTimeout: '10s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** A read may be repeated at will; ten minutes of trying outlast a restart of the server or of the worker. */
const READ: ActivityOptions = {
  ...WATCHED,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 40 },
};

/** Dump, restore, fingerprint: as long as the data is large; a dead attempt's remains are cleared by the next. */
const LONG: ActivityOptions = {
  ...WATCHED,
  startToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
};

/** An attempt at a tier is never retried by Temporal: the workflow does, with the next ordinal. DESIGN.md §7. */
const ATTEMPT: ActivityOptions = { ...WATCHED, startToCloseTimeout: '24h', retry: { maximumAttempts: 1 } };

/**
 * A watch that lasts: a dead worker's is taken up by another, however long that takes. It only reads, so that nobody waits for
 * the end of one that is given up.
 */
const WATCH: ActivityOptions = {
  heartbeatTimeout: '10s',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  startToCloseTimeout: '30m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s' },
};

export type Verbs = ActivityInterfaceFor<Activities>;

/** Package, policy and evidence: by any worker. */
export const anywhere: Verbs = proxyActivities<Activities>({ taskQueue: WORKFLOW_QUEUE, ...READ });

/** The verbs of the workers that reach a target, in the three patiences above. */
export interface Place {
  readonly reads: Verbs;
  readonly long: Verbs;
  readonly attempts: Verbs;
}

/** Long work that nobody stands by: a restart of the server, however slow, is outlasted as by a read. */
export function patiently(queue: string): Verbs {
  return proxyActivities<Activities>({ taskQueue: queue, ...LONG, ...(READ.retry && { retry: READ.retry }) });
}

/** Where a target's queue is asked. */
export function at(queue: string): Place {
  return {
    reads: proxyActivities<Activities>({ taskQueue: queue, ...READ }),
    long: proxyActivities<Activities>({ taskQueue: queue, ...LONG }),
    attempts: proxyActivities<Activities>({ taskQueue: queue, ...ATTEMPT }),
  };
}

/** The gates of a target, for as long as somebody wants to know. */
export function watching(queue: string): Verbs {
  return proxyActivities<Activities>({ taskQueue: queue, ...WATCH });
}

/** One activity, with the summary by which the timeline labels it: the object first. At most 120 characters are shown. */
export function ask<Input, Output>(
  verb: { executeWithOptions(options: ActivityOptions, args: [Input]): Promise<Output> },
  summary: string,
  input: Input,
): Promise<Output> {
  return verb.executeWithOptions({ summary: summary.slice(0, 120) }, [input]);
}
