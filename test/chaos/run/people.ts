import { randomBytes } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { WORKFLOW_QUEUE, workflowId } from '../../../src/core/rules/contract';
import { RecordedAct } from '../../../src/core/schema/act';
import { Status } from '../../../src/core/schema/outcome';
import type { PackageRef } from '../../../src/core/schema/plan';
import { insist, within } from '../world/insist';
import type { World } from '../world/world';

export const REQUESTER = 'lead-a';
const QUERY_LIMIT_MS = 3_000;

/** A workflow as people started it. */
export interface Started {
  readonly id: string;
  readonly kind: 'rehearsal' | 'release';
  readonly package: PackageRef;
}

export type Order = Readonly<Record<string, unknown>>;

/** Starts a workflow by its id: asked again after a lost answer, it is the same one. */
export async function start(
  world: World,
  kind: Started['kind'],
  wanted: { readonly package: PackageRef; readonly order: Order },
): Promise<Started> {
  const { package: pkg, order } = wanted;
  const id = workflowId(kind, pkg.name, randomBytes(3).toString('hex'));
  await insist(`a ${kind} started`, async () => {
    const options = {
      workflowId: id,
      taskQueue: WORKFLOW_QUEUE,
      args: [{ package: pkg, scope: 'full', ...order }],
    };
    await world.temporal.workflow.start(kind, options).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error;
    });
  });
  return { id, kind, package: pkg };
}

/** What the release says of itself; undefined while nobody can answer. */
export async function statusOf(world: World, { id }: Started): Promise<Status | undefined> {
  try {
    return Status.parse(await within(QUERY_LIMIT_MS, world.temporal.workflow.getHandle(id).query('status')));
  } catch {
    return undefined; // the worker or the server is down just now
  }
}

/** Temporal's own word: RUNNING, COMPLETED, TERMINATED, … */
export async function standingOf(world: World, { id }: Started): Promise<string> {
  return await insist(`the standing of ${id}`, async () => {
    const { status } = await world.temporal.workflow.getHandle(id).describe();
    return status.name;
  });
}

/** The outcome; the failure in words where the workflow ended without one. */
export async function resultOf(world: World, { id }: Started): Promise<unknown> {
  return await insist(`the result of ${id}`, async () => {
    try {
      const result: unknown = await world.temporal.workflow.getHandle(id).result();
      return result;
    } catch (error) {
      if (error instanceof WorkflowFailedError) return `${error.message}: ${String(error.cause)}`;
      throw error;
    }
  });
}

/** An act as a signal, of which nobody knows yet whether it arrived. */
export async function signal(
  world: World,
  { id }: Started,
  { act, payload }: { readonly act: string; readonly payload: Order },
): Promise<void> {
  const handle = world.temporal.workflow.getHandle(id);
  await handle.signal(act, { key: newKey(), reason: 'chaos', ...payload });
}

export function newKey(): string {
  return `key-${randomBytes(6).toString('hex')}`;
}

/** The answers to the acts so far; none where nobody can answer. */
export async function actsOf(world: World, { id }: Started): Promise<readonly RecordedAct[]> {
  try {
    const acts = await within(QUERY_LIMIT_MS, world.temporal.workflow.getHandle(id).query('acts'));
    return RecordedAct.array().parse(acts);
  } catch {
    return []; // the worker or the server is down just now
  }
}

/** Who must still say yes, as the status names them: one of each group that lacks one, never the requester. */
export function approversMissing(status: Status): readonly { readonly gate: string; readonly as: string }[] {
  return status.gates.flatMap((gate) =>
    gate.approvals
      .filter(({ have, need }) => have.length < need)
      .map(({ of }) => ({ gate: gate.id, as: of.find((who) => who !== REQUESTER) ?? '' })),
  );
}

/** Does it stand at a gate? */
export function isAtGate(status: Status): boolean {
  return status.stages.some(({ stage, state }) => stage.startsWith('gate') && state === 'waiting');
}

/** Does it wait for a person's decision, and does it say so? */
export function isHolding(status: Status): boolean {
  return status.stages.some(
    ({ stage, state }) => (stage === 'hold' || stage === 'stuck') && state === 'waiting',
  );
}
