import type { TierAttempt } from '../../src/core/schema/attempt';
import type { Claimant } from '../../src/postgres/claim';
import { plan } from '../core/sample';
import { ToldWorld } from './told';
import { APPLIED, ROLLED_BACK, audited } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

const OLD = 'release-shop-old';

/** These tiers are in effect, by the release that was terminated or has ended. */
function inEffect(...ids: readonly string[]): Pick<Required<Told>, 'readTiersInEffect'> {
  const sha256 = 'a'.repeat(64);
  const tiers = ids.map((tier) => ({ tier, sha256, release: OLD, package: plan().package.name }));
  return { readTiersInEffect: () => ({ tiers }) };
}

describe('a release that recovers a terminated one', () => {
  it('rolls back without a gate whatever that one has applied, in its name, under a higher claim', async () => {
    const claimants: Claimant[] = [];
    const undone: TierAttempt[] = [];
    const release = await world.release(
      {
        ...inEffect('10_a'),
        claimDatabase: ({ claimant }) => (
          claimants.push(claimant),
          { claim: 8, fingerprint: 'c'.repeat(64) }
        ),
        rollBackTier: (attempt) => {
          undone.push(attempt);
          return attempt.tier.id === '30_c' ? { outcome: 'not applied' } : ROLLED_BACK;
        },
      },
      { order: { recovers: { release: OLD, claim: 1, choice: 'rollback' } } },
    );
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      recovers: OLD,
      rolledBack: true,
      rollback: { verdict: 'identical' },
      tiers: [{ outcome: 'rolled back' }, { outcome: 'rolled back' }, { outcome: 'not reached' }],
    });
    expect(claimants).toMatchObject([
      { release: OLD, recovers: { by: release.handle.workflowId, claim: 1 } },
    ]);
    expect(undone.map(({ tier, hold }) => [tier.id, hold.release, hold.claim, hold.ordinal])).toEqual([
      ['30_c', OLD, 8, 1],
      ['20_b', OLD, 8, 2],
      ['10_a', OLD, 8, 3],
    ]);
  });

  it('goes on behind the gate, and compensates also what the terminated one had applied', async () => {
    const undone: string[] = [];
    const release = await world.release(
      {
        applyTier: ({ tier }) => {
          if (tier.id === '30_c') throw new Error('no');
          return { ...APPLIED, found: tier.id === '10_a' };
        },
        rollBackTier: ({ tier, hold }) => (undone.push(`${tier.id} ${hold.release}`), ROLLED_BACK),
      },
      { order: { recovers: { release: OLD, claim: 1, choice: 'go on' } } },
    );
    await release.atGate();
    expect(undone).toEqual([]);
    await release.signal('approve');
    await release.until((status) => status.stage === 'hold');
    await release.signal('decide', { choice: 'rollback' });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'rolled back', recovers: OLD });
    expect(undone).toEqual([`30_c ${OLD}`, `20_b ${OLD}`, `10_a ${OLD}`]);
  });
});

describe('a release that rolls back a finished one', () => {
  const rollsBack = { order: { rollsBack: OLD } };

  it('tells what would be lost, waits at its gate, and undoes that release’s tiers alone', async () => {
    const undone: TierAttempt[] = [];
    const release = await world.release(
      {
        ...inEffect('10_a', '20_b'),
        countLosses: () => ({ losses: [{ table: 'public.orders', rows: 7 }], fingerprint: 'c'.repeat(64) }),
        rollBackTier: (attempt) => (undone.push(attempt), ROLLED_BACK),
      },
      rollsBack,
    );
    const { stages } = await release.atGate();
    expect(stages.find(({ stage }) => stage === 'what would be lost')?.note).toBe(
      'public.orders: 7 rows of others',
    );
    expect(undone).toEqual([]);
    await release.signal('approve');
    const outcome = await release.result();
    expect(outcome).toMatchObject({
      outcome: 'rolled back',
      rollsBack: OLD,
      losses: [{ table: 'public.orders', rows: 7 }],
      approvals: [{ who: 'dba-a' }],
    });
    expect(undone.map(({ tier, of, acceptsLoss, hold }) => [tier.id, of, acceptsLoss, hold.release])).toEqual(
      [
        ['20_b', OLD, true, outcome.id],
        ['10_a', OLD, true, outcome.id],
      ],
    );
  });

  it('ends before its gate where nothing of it is in effect, or a tier of it is irreversible', async () => {
    const nothing = await world.release(inEffect(), rollsBack);
    await expect(nothing.result()).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'NOTHING_APPLIED' },
    });
    const tiers = plan().tiers.map((tier) => ({
      ...tier,
      rollback: null,
      irreversible: 'it drops a column',
    }));
    const fixed = await world.release({ ...inEffect('10_a'), auditOrder: audited({ tiers }) }, rollsBack);
    await expect(fixed.result()).resolves.toMatchObject({
      outcome: 'failed',
      error: { code: 'IRREVERSIBLE' },
    });
  });
});
