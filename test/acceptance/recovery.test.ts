import { z } from 'zod';
import { ReleaseOutcome } from '../../src/core/schema/outcome';
import { oneRoof } from './support/command-line';
import { pgDump } from './support/dump';
import { greenfield, superuser } from './support/greenfield';
import { slowReference } from './support/packages';
import { attemptAt, statementAtWork } from './support/sessions';
import {
  REFERENCE,
  REQUESTER,
  TIERS,
  approveByPeople,
  rehearse,
  releaseOutcome,
  startApproved,
  startedAs,
} from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(300_000);

/** The tier at work when the release is terminated: those before it are in effect. */
const AT_WORK = '30_ownership_seed';
const BY_LEAD = ['--requester', REQUESTER, '--yes'] as const;

describe('a release that did not end as it should', () => {
  let world: World;
  let slow: string;

  beforeAll(async () => {
    world = await startWorld(0.01);
    slow = await slowReference(`current_database() = 'directus'`, [AT_WORK]);
    expect(await rehearse(world, slow)).toMatchObject({ outcome: 'rehearsed' });
    expect(await rehearse(world, REFERENCE)).toMatchObject({ outcome: 'rehearsed' });
  });

  afterAll(async () => {
    await world.end();
  });

  beforeEach(async () => {
    await greenfield(world.state, 'approved');
  });

  it('terminated, keeps others out, says what to type, and is rolled back by `recover`', async () => {
    const before = await pgDump(world);
    const id = await terminatedAtWork();
    await expectOthersKeptOut(id);

    expect(await oneRoof(world, 'status', id)).toMatchObject({
      exit: 1,
      document: { error: { code: 'ABORTED', hint: containing('one-roof recover') } },
    });
    const shown = await oneRoof(world, 'recover', 'production');
    expect(shown).toMatchObject({
      exit: 3,
      document: {
        kind: 'recovery',
        release: { id, scope: 'full', requester: REQUESTER },
        workflow: 'terminated',
        choices: [{ choice: 'rollback' }, { choice: 'go on' }],
      },
    });
    expect(tiersInEffect(shown.document)).toEqual(expect.arrayContaining(TIERS.slice(0, 2)));

    const recovered = await oneRoof(world, 'recover', 'production', '--rollback', ...BY_LEAD);
    expect(recovered).toMatchObject({
      exit: 0,
      document: { outcome: 'rolled back', recovers: id, rollback: { verdict: 'identical' } },
    });
    expect(await pgDump(world)).toEqual(before);
    expect(await oneRoof(world, 'recover', 'production')).toMatchObject({
      exit: 0,
      document: { release: null },
    });
  });

  it('terminated, goes on behind its gates to what an undisturbed release makes', async () => {
    expect(await releaseOutcome(await startApproved(world, slow))).toMatchObject({ outcome: 'released' });
    const undisturbed = await pgDump(world);
    await greenfield(world.state, 'approved');

    const id = await terminatedAtWork();
    const words = ['recover', 'production', '--go-on', ...BY_LEAD] as const;
    const atGate = await oneRoof(world, ...words, '--until', 'gate');
    expect(atGate).toMatchObject({ exit: 3, document: { kind: 'release' } });
    expect(await oneRoof(world, ...words)).toMatchObject({
      exit: 4,
      document: { error: { code: 'RELEASE_RUNS', message: containing(idOf(atGate.document)) } },
    });
    const recovery = await startedAs(world, idOf(atGate.document), slow);
    await approveByPeople(recovery);
    const outcome = await releaseOutcome(recovery);
    expect(outcome).toMatchObject({ outcome: 'released', recovers: id });
    expect(outcome.approvals.length).toBeGreaterThan(1);
    expect(await pgDump(world)).toEqual(undisturbed);
  });

  it('finished, is rolled back days later: with the loss told, its gate, and approvals', async () => {
    const before = await pgDump(world);
    const release = await startApproved(world, REFERENCE);
    expect(await releaseOutcome(release)).toMatchObject({ outcome: 'released' });
    await superuser(
      world.state,
      `insert into public.governance_axis values ('later', 'written by others', false, 'others', current_date)`,
    );

    const id = release.handle.workflowId;
    const atGate = await oneRoof(world, 'rollback', id, ...BY_LEAD, '--until', 'gate');
    expect(atGate).toMatchObject({ exit: 3, document: { kind: 'release' } });
    expect(atGate.progress).toContain('public.governance_axis: 1 row');
    const rollback = await startedAs(world, idOf(atGate.document), REFERENCE);
    await approveByPeople(rollback);
    const ended = await oneRoof(world, 'watch', idOf(atGate.document));
    expect(ended.exit).toBe(0);
    expect(ReleaseOutcome.parse(ended.document)).toMatchObject({
      outcome: 'rolled back',
      rollsBack: id,
      losses: [{ table: 'public.governance_axis', rows: 1 }],
      rollback: { verdict: 'identical' },
    });
    expect(await pgDump(world)).toEqual(before);
    expect(await oneRoof(world, 'rollback', id, ...BY_LEAD)).toMatchObject({
      exit: 4,
      document: { error: { code: 'NOTHING_APPLIED' } },
    });
  });

  /** Temporal's own terminate, while a tier is at work; its session may still be. */
  async function terminatedAtWork(): Promise<string> {
    const release = await startApproved(world, slow);
    await statementAtWork(world, {
      application: attemptAt(AT_WORK),
      database: /^directus$/,
      query: /pg_sleep/,
    });
    await release.handle.terminate('an acceptance test');
    return release.handle.workflowId;
  }

  /** A new release passes its gate, finds the database held, and is refused. */
  async function expectOthersKeptOut(holder: string): Promise<void> {
    const outcome = await releaseOutcome(await startApproved(world, REFERENCE));
    expect(outcome).toMatchObject({
      outcome: 'refused',
      rolledBack: false,
      error: {
        code: 'DATABASE_HELD',
        message: containing(`release ${holder} of ${REQUESTER} has held this database since`),
        hint: containing('one-roof recover'),
      },
    });
  }
});

const Shown = z.object({ tiers: z.array(z.object({ tier: z.string(), state: z.string() })) });

function tiersInEffect(document: unknown): readonly string[] {
  return Shown.parse(document)
    .tiers.filter(({ state }) => state === 'in effect')
    .map(({ tier }) => tier);
}

function idOf(document: unknown): string {
  return z.object({ id: z.string() }).parse(document).id;
}

function containing(text: string): unknown {
  return expect.stringContaining(text);
}
