import { openCommitProxy } from './support/commit-proxy';
import type { CommitProxy, HeldCommit } from './support/commit-proxy';
import { pgDump } from './support/dump';
import { greenfield, superuser } from './support/greenfield';
import { slowReference } from './support/packages';
import { attemptAt, statementAtWork } from './support/sessions';
import {
  REQUESTER,
  TIERS,
  actsOf,
  approveByPeople,
  atGate,
  rehearse,
  releaseOutcome,
  startApproved,
  startRelease,
  statusOf,
  waitFor,
} from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(300_000);

/** Where a killed worker's or server's COMMIT arrives all the same, and where it is lost on its way. */
const COMMIT_ARRIVES = '20_responsibility_axis';
const COMMIT_IS_LOST = '40_containment';

describe('a release whose processes are killed', () => {
  let world: World;
  let proxy: CommitProxy;
  let slow: string;
  let undisturbed: readonly string[];

  beforeAll(async () => {
    world = await startWorld(0.01);
    proxy = await openCommitProxy(world.addresses.postgres.port);
    world.reachProductionThrough(proxy.port);
    slow = await slowReference(`current_database() = 'directus'`);
    expect(await rehearse(world, slow)).toMatchObject({ outcome: 'rehearsed' });
    await greenfield(world.state, 'approved');
    const outcome = await releaseOutcome(await startApproved(world, slow));
    expect(outcome).toMatchObject({ outcome: 'released' });
    undisturbed = await pgDump(world);
  });

  afterAll(async () => {
    proxy.close();
    await world.end();
  });

  beforeEach(async () => {
    await greenfield(world.state, 'approved');
  });

  it.each([
    ['worker', 2],
    ['temporal', 1],
  ] as const)(
    'is released, each tier in effect once: the %s in each tier and just before COMMIT',
    async (victim, leastAttempts) => {
      const release = await startApproved(world, slow);
      for (const tier of TIERS) {
        const commit =
          tier === COMMIT_ARRIVES || tier === COMMIT_IS_LOST ? proxy.holdCommitOf(tier) : undefined;
        await killDuring(tier, victim);
        if (commit !== undefined) await killBeforeCommit(tier, await commit, victim);
      }
      const outcome = await releaseOutcome(release);
      expect(outcome).toMatchObject({ outcome: 'released', rolledBack: false });
      expect(outcome.tiers.map(({ outcome: end }) => end)).toEqual(TIERS.map(() => 'applied'));
      expect(Math.min(...outcome.tiers.map(({ attempts }) => attempts))).toBeGreaterThanOrEqual(
        leastAttempts,
      );
      expect(await ledger()).toEqual(TIERS.map((tier) => ({ tier, direction: 'apply', times: 1 })));
      expect(await pgDump(world)).toEqual(undisturbed);
    },
  );

  it('counts once an approval that was stored while no worker ran, though the server was killed and it was sent again', async () => {
    const release = await startRelease(world, slow);
    await atGate(release);
    const { handle, package: pkg } = release;
    const [gate] = (await statusOf(release)).gates;
    const who = gate?.approvals[0]?.of.find((name) => name !== REQUESTER) ?? '';
    const payload = { key: 'stored-once', gate: gate?.id, digest: pkg.digest, as: who, reason: 'read' };
    await world.kill('worker');
    await handle.signal('approve', payload);
    await world.kill('temporal');
    await world.revive();
    await release.handle.signal('approve', payload); // whoever sent it has seen no answer
    const acts = await waitFor('its answer', async () => {
      const heard = await actsOf(release.handle);
      return heard.length > 0 ? heard : undefined;
    });
    expect(acts).toMatchObject([{ key: 'stored-once', as: who, accepted: true }]);
    await approveByPeople(release); // this one a second time, by a key of its own, and all who are missing
    const outcome = await releaseOutcome(release);
    expect(outcome).toMatchObject({ outcome: 'released' });
    expect(outcome.approvals.filter((each) => each.who === who && each.gate === gate?.id)).toHaveLength(1);
    expect(outcome.acts.filter(({ key }) => key === 'stored-once')).toHaveLength(1);
    expect(outcome.acts.map(({ reason }) => reason)).toContain(
      `${who} has approved gate ${gate?.id} already`,
    );
  });

  async function killDuring(tier: string, victim: 'worker' | 'temporal'): Promise<void> {
    await statementAtWork(world, {
      application: attemptAt(tier),
      database: /^directus$/,
      query: /pg_sleep/,
    });
    await world.kill(victim);
    await world.revive();
  }

  async function killBeforeCommit(
    tier: string,
    commit: HeldCommit,
    victim: 'worker' | 'temporal',
  ): Promise<void> {
    await world.kill(victim);
    if (tier === COMMIT_ARRIVES) await commit.letGo();
    else commit.lose();
    await world.revive();
  }

  /** How often each tier took effect, and in which direction. */
  async function ledger(): Promise<readonly unknown[]> {
    return await superuser(
      world.state,
      `select tier, direction, count(*)::int as times from one_roof.ledger
        where finished_at is not null group by tier, direction order by tier, direction`,
    );
  }
});
