import { ROLL_BACK_ALL, RUN_ALL, byHand } from './support/break-glass';
import { COMMANDS_WANTED, lieAboutHardGate, sendActs, sendCommands } from './support/closed-gate';
import { pgDump } from './support/dump';
import { approve, greenfield, intrude, superuser } from './support/greenfield';
import { byOneRoof, changesSince, logChanges } from './support/server-log';
import { SHOP_1, SHOP_2 } from './support/shop';
import { packageOf } from './support/packages';
import {
  REFERENCE,
  TIERS,
  approveByPeople,
  atGate,
  rehearse,
  releaseOutcome,
  sendAct,
  startApproved,
  startRelease,
  statusOf,
} from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

describe('a release', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld(0.01);
    expect(await rehearse(world, REFERENCE)).toMatchObject({ outcome: 'rehearsed' });
  });

  afterAll(async () => {
    await world.end();
  });

  it('waits at its closed gate whatever is sent, and writes nothing; opened, it is released', async () => {
    await greenfield(world.state, 'closed');
    const start = await logChanges(world);
    const before = await pgDump(world);
    const release = await startRelease(world, REFERENCE);
    await atGate(release);
    expect(await sendCommands(world, release)).toEqual(COMMANDS_WANTED);
    const acts = await sendActs(release);
    expect(acts.got).toEqual(acts.wanted);
    await lieAboutHardGate(world, release);
    await endAtGate();

    const status = await statusOf(release);
    expect(status.stages.at(-1)).toMatchObject({ stage: 'gate before 10_structure', state: 'waiting' });
    expect(status.tiers).toEqual(TIERS.map((id) => ({ id, outcome: 'not reached' })));
    expect((await release.handle.describe()).status.name).toBe('RUNNING');
    const changes = changesSince(world, start);
    expect(changes.map(({ role }) => role)).toContain('directus_app');
    expect(byOneRoof(changes)).toEqual([]);
    expect(await pgDump(world)).toEqual(before);

    await approve(world.state);
    const outcome = await releaseOutcome(release);
    expect(outcome).toMatchObject({ outcome: 'released', mutations: { beforeGate: 0 }, rolledBack: false });
    const writers = byOneRoof(changesSince(world, start)).map(({ application }) => application);
    expect(new Set(writers.flatMap((writer) => TIERS.filter((tier) => writer.endsWith(` ${tier}`))))).toEqual(
      new Set(TIERS),
    );
    expect(moved(outcome.drift)).toEqual(DECLARED);
    expect(outcome.drift.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(outcome.delta).toMatchObject({ unexplained: [], more: 0, sourceChangedSince: [] });
    expect(outcome.delta?.predicted).toBeGreaterThan(50);
    expect(outcome.delta?.explained).toBe(outcome.delta?.predicted);
    expect(outcome.fingerprint.after?.tables).toBeGreaterThan(outcome.fingerprint.before?.tables ?? 0);
    expect(outcome.unread).toBeUndefined();
  });

  it('that goes wrong in production is rolled back to what pg_dump said before', async () => {
    await greenfield(world.state, 'approved');
    await intrude(world.state);
    const before = await pgDump(world);
    const outcome = await releaseOutcome(await startApproved(world, REFERENCE));
    expect(await pgDump(world)).toEqual(before);
    expect(outcome).toMatchObject({ outcome: 'rolled back', rolledBack: true });
    expect(outcome.error).toMatchObject({ code: 'STATEMENT_FAILED' });
    expect(outcome.error?.message).toContain('23505');
    expect(outcome.rollback).toMatchObject({ verdict: 'identical', differences: [] });
    expect(outcome.fingerprint.after).toMatchObject({ contents: outcome.fingerprint.before?.contents });
    expect(outcome.fingerprint.before?.tables).toBeGreaterThan(0);
    expect(outcome.tiers.map((tier) => tier.outcome)).toEqual([
      ...['rolled back', 'rolled back', 'rolled back', 'rolled back', 'not reached', 'not reached'],
    ]);
  });

  it('of version 2 that fails leaves the tiers of version 1 in place', async () => {
    await greenfield(world.state, 'approved');
    const one = await packageOf(SHOP_1);
    const two = await packageOf(SHOP_2);
    expect(await rehearse(world, one)).toMatchObject({ outcome: 'rehearsed' });
    expect(await releaseOutcome(await startApproved(world, one))).toMatchObject({ outcome: 'released' });
    expect(await rehearse(world, two)).toMatchObject({ outcome: 'rehearsed' });
    await superuser(world.state, `insert into shop_item values ('tea'), ('tea')`);
    const before = await pgDump(world);
    const outcome = await releaseOutcome(await startApproved(world, two));
    expect(before.filter((line) => line.startsWith('CREATE TABLE public.shop_'))).toHaveLength(2);
    expect(await pgDump(world)).toEqual(before);
    expect(outcome).toMatchObject({ outcome: 'rolled back', rolledBack: true });
    expect(outcome.tiers.map(({ id, outcome: end }) => [id, end])).toEqual([
      ['10_items', 'already applied'],
      ['20_prices', 'already applied'],
      ['30_labels', 'rolled back'],
      ['40_unique', 'not reached'],
    ]);
  });

  it('by hand reaches the same state, and One-Roof knows afterwards what was done', async () => {
    await greenfield(world.state, 'approved');
    const before = await pgDump(world);
    expect(await releaseOutcome(await startApproved(world, REFERENCE))).toMatchObject({
      outcome: 'released',
    });
    const released = await pgDump(world);

    await greenfield(world.state, 'approved');
    await byHand(world, RUN_ALL);
    expect(await pgDump(world)).toEqual(released);
    expect(released).not.toEqual(before);
    const alreadyApplied = TIERS.map((id) => [id, 'already applied']);
    const rehearsal = await rehearse(world, REFERENCE);
    expect(rehearsal).toMatchObject({ outcome: 'rehearsed' });
    expect(rehearsal.tiers.map(({ id, outcome }) => [id, outcome])).toEqual(alreadyApplied);
    const release = await releaseOutcome(await startApproved(world, REFERENCE));
    expect(release).toMatchObject({ outcome: 'released' });
    expect(release.tiers.map(({ id, outcome }) => [id, outcome])).toEqual(alreadyApplied);
    expect(await pgDump(world)).toEqual(released);

    await byHand(world, ROLL_BACK_ALL);
    expect(await pgDump(world)).toEqual(before);
  });

  /** A release that people end at the closed gate: it has written nothing either. */
  async function endAtGate(): Promise<void> {
    const rejected = await startRelease(world, REFERENCE);
    await atGate(rejected);
    const { digest } = rejected.package;
    await sendAct(rejected, 'reject', { gate: 'rollout', digest, as: 'dba-a' });
    expect(await releaseOutcome(rejected)).toMatchObject({ outcome: 'rejected', rolledBack: false });
    const aborted = await startRelease(world, REFERENCE);
    await atGate(aborted);
    await approveByPeople(aborted);
    await sendAct(aborted, 'abort', { as: 'lead-b' });
    expect(await releaseOutcome(aborted)).toMatchObject({ outcome: 'aborted', rolledBack: false });
  }
});

/** What the package declares to move, and what is organic: ospa, for somebody approved, and the application's issues. */
const DECLARED = {
  ospa: [0, 1, 'organic'],
  governance_object_ownership: [0, 30, 'as declared'],
  v_object_owner_gap: [210, 0, 'as declared'],
  candidate: [0, 38, 'as declared'],
  ruleset: [0, 2, 'as declared'],
  scan_run: [0, 1, 'as declared'],
  worker_cursor: [0, 1, 'as declared'],
  axis_tables: [0, 6, 'as declared'],
};

function moved(
  drift: readonly {
    readonly metric: string;
    readonly entry: unknown;
    readonly exit: unknown;
    readonly verdict: string;
  }[],
): Readonly<Record<string, unknown>> {
  const rows = drift.filter(({ metric, entry, exit }) => entry !== exit && metric !== 'system_issues');
  return Object.fromEntries(rows.map(({ metric, entry, exit, verdict }) => [metric, [entry, exit, verdict]]));
}
