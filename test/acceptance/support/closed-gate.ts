import { monitorId } from '../../../src/core/rules/contract';
import type { ActName } from '../../../src/core/schema/act';
import { actByCommand } from './command-line';
import { approveByPeople, sendAct, statusOf, waitFor } from './workflows';
import type { Started } from './workflows';
import type { World } from './world';

type Answers = Readonly<Record<string, boolean | null>>;

/** Every act by a bare client, as a stranger or out of place would send it, and what it must be answered. */
const ACTS: readonly (readonly [string, ActName, Readonly<Record<string, unknown>>, boolean])[] = [
  ['openGate of a stranger', 'openGate', { as: 'mallory' }, false],
  ['openGate of a gate that is not there', 'openGate', { as: 'dba-a', gate: 'back-door' }, false],
  ['openGate of other bytes', 'openGate', { as: 'dba-a', digest: 'f'.repeat(64) }, false],
  ['approve of the requester', 'approve', { as: 'lead-a' }, false],
  ['approve without a name', 'approve', { as: undefined }, false],
  ['reject of a stranger', 'reject', { as: 'mallory' }, false],
  ['withdraw of what was never given', 'withdraw', { as: 'dba-a' }, false],
  ['decide where nothing holds', 'decide', { as: 'lead-b', choice: 'retry' }, false],
  ['resume of what is not paused', 'resume', { as: 'lead-b' }, false],
  ['abort without a reason', 'abort', { as: 'lead-b', reason: '' }, false],
  ['pause', 'pause', { as: 'lead-b' }, true],
  ['resume', 'resume', { as: 'lead-b' }, true],
  ['closeGate', 'closeGate', { as: 'lead-b' }, true],
];

/** What no handler knows, or no handler can read. */
const NOISE: readonly (readonly [string, readonly unknown[]])[] = [
  ['applyTier', ['10_structure']],
  ['skipGate', [{ gate: 'rollout' }]],
  ['approve', [null]],
  ['openGate', []],
  ['decide', [['rollback']]],
  ['gateReadings', [[]]],
  ['gateReadings', [null]],
  ['gateReadings', [[null]]],
];

/** Sends them all. @returns the answers of those that are answered, and those that they must have */
export async function sendActs(release: Started): Promise<{ got: Answers; wanted: Answers }> {
  const got: Record<string, boolean> = {};
  const wanted: Record<string, boolean> = {};
  for (const [name, act, payload, answer] of ACTS) {
    const { digest } = release.package;
    got[name] = (await sendAct(release, act, { gate: 'rollout', digest, ...payload })).accepted;
    wanted[name] = answer;
  }
  for (const [signal, args] of NOISE) await release.handle.signal(signal, ...args);
  return { got, wanted };
}

/** The same by the command line. */
export async function sendCommands(world: World, release: Started): Promise<Answers> {
  const id = release.handle.workflowId;
  const gate = ['--gate', 'rollout', '--digest', release.package.digest, '--reason', 'an acceptance test'];
  const control = ['--reason', 'an acceptance test'];
  return {
    'approve of an approver': await actByCommand(world, 'approve', id, ...gate, '--as', 'dba-b'),
    'approve of the requester': await actByCommand(world, 'approve', id, ...gate, '--as', 'lead-a'),
    'open-gate of a stranger': await actByCommand(world, 'open-gate', id, ...gate, '--as', 'mallory'),
    'reject of a stranger': await actByCommand(world, 'reject', id, ...gate, '--as', 'mallory'),
    'withdraw of an approver': await actByCommand(world, 'withdraw', id, ...gate, '--as', 'dba-b'),
    pause: await actByCommand(world, 'pause', id, ...control, '--as', 'lead-b'),
    resume: await actByCommand(world, 'resume', id, ...control, '--as', 'lead-b'),
    'close-gate': await actByCommand(world, 'close-gate', id, ...control, '--as', 'lead-b'),
    'decide where nothing holds': await actByCommand(
      world,
      'decide',
      id,
      'retry',
      ...control,
      '--as',
      'dba-a',
    ),
  };
}

export const COMMANDS_WANTED: Answers = {
  'approve of an approver': true,
  'approve of the requester': false,
  'open-gate of a stranger': false,
  'reject of a stranger': false,
  'withdraw of an approver': true,
  pause: true,
  resume: true,
  'close-gate': true,
  'decide where nothing holds': false,
};

/**
 * People have approved; now somebody says that the hard gate is open, to the release itself and through its monitor. Returns
 * when the release has looked for itself.
 */
export async function lieAboutHardGate(world: World, release: Started): Promise<void> {
  const { handle } = release;
  await approveByPeople(release);
  const { package: pkg, scope, gates: waited } = await statusOf(release);
  const gates = waited.map(({ id }) => id);
  const lie = { open: true, value: 1, opens: '> 0', readAt: '2000-01-01T00:00:00.000Z' };
  await handle.signal(
    'gateReadings',
    gates.map((gate) => ({ gate, ...lie })),
  );
  await hasLooked(release, Date.now());
  const monitor = world.temporal.workflow.getHandle(monitorId('production'));
  await monitor.signal('subscribe', null);
  const always = gates.map((gate) => ({ gate, sql: 'select 1', opens: '> 0' }));
  const said = Date.now();
  await monitor.signal('subscribe', { release: handle.workflowId, package: pkg, scope, gates: always });
  const unknown = { ...pkg, digest: '0'.repeat(64) };
  await monitor.signal('subscribe', { release: handle.workflowId, package: unknown, scope, gates: always });
  await hasLooked(release, said);
}

async function hasLooked(release: Started, since: number): Promise<void> {
  await waitFor('its own look at the hard gates', async () => {
    const { gates } = await statusOf(release);
    const isFresh = gates.every(
      ({ hard }) => hard !== null && !hard.open && Date.parse(hard.readAt) >= since,
    );
    return isFresh ? true : undefined;
  });
}
