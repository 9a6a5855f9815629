import { MONITOR, WORKFLOWS, WORKFLOW_QUEUE, monitorId } from '../core/rules/contract';
import { MonitorState } from '../core/schema/monitor';
import type { GatesOf } from '../core/schema/monitor';
import type { Temporal } from './connection';
import { ask } from './question';
import type { Answer } from './question';
import { isNotFound } from './rpc-error';

/** A monitor that is to go on while nobody waits. */
export interface Keeping {
  readonly target: string;
  readonly queue: string;
  /** A duration: how often it reads. */
  readonly every: string;
  readonly as: string;
  readonly watched: GatesOf | null;
}

/** Starts the monitor of a target, or lets the one that runs go on for good. */
export async function keepMonitor(
  { client }: Temporal,
  { target, queue, every, ...keeper }: Keeping,
): Promise<void> {
  await client.workflow.signalWithStart(WORKFLOWS.gateMonitor, {
    workflowId: monitorId(target),
    taskQueue: WORKFLOW_QUEUE,
    args: [{ target, queue, every, subscriptions: [] }],
    signal: MONITOR.keep,
    signalArgs: [keeper],
    staticSummary: `gates of ${target}`,
  });
}

/** Nobody wants it any more but those who wait. @returns whether there was one */
export async function stopMonitor({ client }: Temporal, target: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(monitorId(target)).signal(MONITOR.stop);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** What a monitor knows; undefined where none runs. */
export async function askMonitor(
  temporal: Temporal,
  target: string,
): Promise<Answer<MonitorState> | undefined> {
  const id = monitorId(target);
  try {
    const { status } = await temporal.client.workflow.getHandle(id).describe();
    if (status.name !== 'RUNNING') return undefined;
    return await ask(temporal, { id, query: MONITOR.query, schema: MonitorState });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The targets whose monitors run. */
export async function monitoredTargets({ client }: Temporal): Promise<readonly string[]> {
  const query = `WorkflowType = '${WORKFLOWS.gateMonitor}' and ExecutionStatus = 'Running'`;
  const targets: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query }))
    targets.push(workflowId.slice(monitorId('').length));
  return targets.sort();
}
