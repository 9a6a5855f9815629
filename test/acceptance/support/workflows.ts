import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { WORKFLOW_QUEUE, workflowId } from '../../../src/core/rules/contract';
import { RecordedAct } from '../../../src/core/schema/act';
import type { ActName } from '../../../src/core/schema/act';
import { RehearsalOutcome, ReleaseOutcome, Status } from '../../../src/core/schema/outcome';
import type { PackageRef } from '../../../src/core/schema/plan';
import { waitUntil } from '../../../src/embedded/wait';
import { openPackage } from '../../../src/package/package';
import { folderStore } from '../../../src/package/store';
import { CHECKOUT } from '../../support/temporal';
import type { World } from './world';

/** The reference package. */
export const REFERENCE = join(CHECKOUT, 'sql', 'one-roof-governance');
export const TIERS = [
  '10_structure',
  '20_responsibility_axis',
  '30_ownership_seed',
  '40_containment',
  '50_topic_finalization',
  '60_scanner_baseline',
] as const;

export const REQUESTER = 'lead-a';
const LIMIT_MS = 60_000;

/** A workflow that a bare client has started. */
export interface Started {
  readonly package: PackageRef;
  readonly handle: WorkflowHandle;
}

export async function startRehearsal(world: World, folder: string): Promise<Started> {
  return await start(world, folder, 'rehearsal', { source: 'production', cloneHost: 'clone-host' });
}

export async function startRelease(world: World, folder: string): Promise<Started> {
  return await startReleaseTo(world, folder, 'production');
}

export async function startReleaseTo(world: World, folder: string, target: string): Promise<Started> {
  return await start(world, folder, 'release', { target, requester: REQUESTER });
}

export async function rehearse(world: World, folder: string): Promise<RehearsalOutcome> {
  return rehearsalOutcome(await startRehearsal(world, folder));
}

export async function rehearsalOutcome({ handle }: Started): Promise<RehearsalOutcome> {
  return RehearsalOutcome.parse(await handle.result());
}

export async function releaseOutcome({ handle }: Started): Promise<ReleaseOutcome> {
  return ReleaseOutcome.parse(await handle.result());
}

/** The people's part of both gates, the package's and the policy's; `lead-a` asked for it and cannot approve. */
export async function approveByPeople(release: Started): Promise<void> {
  const gates = (await statusOf(release)).gates;
  for (const gate of gates)
    for (const { of } of gate.approvals) {
      const as = of.find((who) => who !== REQUESTER) ?? '';
      await sendAct(release, 'approve', { gate: gate.id, digest: release.package.digest, as });
    }
}

/** Sends an act as a signal and waits for its record. */
export async function sendAct(
  { handle }: Started,
  act: ActName,
  payload: Readonly<Record<string, unknown>>,
): Promise<RecordedAct> {
  const key = `key-${randomBytes(6).toString('hex')}`;
  await handle.signal(act, { key, reason: 'an acceptance test', ...payload });
  return await waitFor(`the answer to ${act}`, async () =>
    (await actsOf(handle)).find((each) => each.key === key),
  );
}

export async function actsOf(handle: WorkflowHandle): Promise<readonly RecordedAct[]> {
  return RecordedAct.array().parse(await handle.query('acts'));
}

export async function statusOf({ handle }: Pick<Started, 'handle'>): Promise<Status> {
  return Status.parse(await handle.query('status'));
}

/** Starts a release of an approved production, approves it, and leaves it to run. */
export async function startApproved(world: World, folder: string): Promise<Started> {
  const release = await startRelease(world, folder);
  await atGate(release);
  await approveByPeople(release);
  return release;
}

/** Waits until a release stands at its first gate. */
export async function atGate(release: Started): Promise<Status> {
  return await waitFor('the gate', async () => {
    const status = await statusOf(release);
    return status.stages.some(({ stage, state }) => stage.startsWith('gate') && state === 'waiting')
      ? status
      : undefined;
  });
}

/** Asks for something until it is there. @throws where it does not come */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const found: T[] = [];
  const isThere = async (): Promise<boolean> => {
    const seen = await look();
    if (seen !== undefined) found.push(seen);
    return found.length > 0;
  };
  await waitUntil(isThere, LIMIT_MS);
  const [first] = found;
  if (first === undefined) throw new Error(`waited in vain for ${what}`);
  return first;
}

async function start(
  world: World,
  folder: string,
  kind: 'rehearsal' | 'release',
  order: Readonly<Record<string, string>>,
): Promise<Started> {
  const pkg = await openPackage(folder);
  await folderStore(world.addresses.store).putPackage(pkg.files);
  const id = workflowId(kind, pkg.ref.name, randomBytes(3).toString('hex'));
  await world.temporal.workflow.start(kind, {
    workflowId: id,
    taskQueue: WORKFLOW_QUEUE,
    args: [{ package: pkg.ref, scope: 'full', ...order }],
  });
  return await startedAs(world, id, folder);
}

/** What somebody else has started, with a package of this folder. */
export async function startedAs(world: World, id: string, folder: string): Promise<Started> {
  const { ref } = await openPackage(folder);
  return {
    package: ref,
    get handle() {
      return world.temporal.workflow.getHandle(id); // of the client that lives now
    },
  };
}
