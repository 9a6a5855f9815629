import { ApplicationFailure, Context } from '@temporalio/activity';
import { plannedTier } from '../support/prepared';
import { failAt, recording, ungated } from './orders';
import { ToldWorld } from './told';
import { ROLLOUT, SUMMARY, audited, seen } from './well';
import type { ToldRelease } from './told';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

describe('a release on a bad night', () => {
  it('is held when the comparison after a rollback cannot be read, and its claim is closed in the end', async () => {
    let reads = 0;
    const closed: string[] = [];
    const observeTarget: Told['observeTarget'] = (sight) => {
      reads += 1;
      if (reads === 4)
        throw ApplicationFailure.create({
          type: 'READ_REFUSED',
          message: 'permission denied',
          nonRetryable: true,
        });
      return seen(sight);
    };
    const release = await world.release({
      ...ungated(),
      applyTier: failAt('20_b'),
      observeTarget,
      closeClaim: ({ end }) => void closed.push(end.outcome),
    });
    await release.until((status) => status.stage === 'hold');
    await release.signal('decide', { choice: 'retry' });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      rollback: { verdict: 'identical' },
    });
    expect(closed).toEqual(['rolled back']);
  });

  it('asks a person, not for ever, when the executor finds the gate closed that reads open', async () => {
    let tries = 0;
    const gates = [{ ...ROLLOUT, approvals: {}, hard: { sql: 'select 1', opens: '> 0' } }];
    const reading = { gate: 'rollout', value: 1, opens: '> 0', readAt: '' };
    const applyTier: Told['applyTier'] = () => {
      tries += 1;
      return {
        outcome: 'gate closed',
        readings: [{ ...reading, open: false, unreadable: 'permission denied' }],
      };
    };
    const release = await world.release({ auditOrder: audited({ gates }), applyTier });
    const opened = setInterval(
      () => void release.handle.signal('gateReadings', [{ ...reading, open: true }]).catch(() => undefined),
      100,
    );
    const status = await release.until((each) => each.stage === 'hold').finally(() => clearInterval(opened));
    expect(status.waitingFor[0]).toContain('permission denied');
    expect(tries).toBe(6);
    await release.signal('abort');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted' });
  }, 90_000);

  it('rolls back what lies below an irreversible tier that never took effect', async () => {
    const tiers = [
      plannedTier('10_a'),
      { ...plannedTier('20_b'), rollback: null, irreversible: 'data is gone' },
    ];
    const release = await world.release({
      auditOrder: audited({ gates: [], tiers }),
      applyTier: failAt('20_b'),
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      tiers: [{ outcome: 'rolled back' }, { outcome: 'not reached' }],
    });
  });

  it('ends stuck, and names what is left, where an irreversible tier is in effect', async () => {
    const tiers = [
      plannedTier('10_a'),
      { ...plannedTier('20_b'), rollback: null, irreversible: 'data is gone' },
      plannedTier('30_c'),
    ];
    const id = (): string => Context.current().info.workflowExecution?.workflowId ?? '';
    const readTiersInEffect: Told['readTiersInEffect'] = () => ({
      tiers: [{ package: 'shop', tier: '20_b', sha256: '', release: id() }],
    });
    const release = await world.release({
      auditOrder: audited({ gates: [], tiers }),
      applyTier: failAt('30_c'),
      readTiersInEffect,
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'stuck',
      error: { code: 'IRREVERSIBLE' },
      tiers: [{ outcome: 'left applied' }, { outcome: 'left applied' }, { outcome: 'rolled back' }],
    });
  });

  it('ignores what is no reading, and goes on answering people', async () => {
    const release = await world.release();
    await release.atGate();
    await release.handle.signal('gateReadings');
    await release.handle.signal('gateReadings', [{ gate: 7 }]);
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released', readings: [] });
  });

  it('does not begin when the schema changes between its gate and its claim', async () => {
    let isClaimed = false;
    const schema = (): string => (isClaimed ? '9' : 'd').repeat(64);
    const observeTarget: Told['observeTarget'] = (sight) =>
      seen(sight, sight.schema ? { schema: { ...SUMMARY, schema: schema() } } : {});
    const asked: string[] = [];
    const release = await world.release({
      ...ungated(),
      ...recording(asked),
      observeTarget,
      claimDatabase: () => ((isClaimed = true), { claim: 1, fingerprint: null }),
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'failed',
      error: { code: 'BASELINE_DRIFT' },
    });
    expect(asked).toEqual([]);
  });

  it('takes an expired approval for none', async () => {
    const gates = [{ ...ROLLOUT, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } } }];
    const release = await world.release({ auditOrder: audited({ gates }, { approvalsValidFor: '1s' }) });
    await release.atGate();
    await release.signal('approve');
    const approvedAt = Date.now();
    await release.until(() => Date.now() - approvedAt > 1_200);
    await release.signal('approve', { as: 'dba-b' });
    expect((await release.status()).waitingFor).toEqual([
      'gate rollout: 1 more approval of group dba (dba-a)',
    ]);
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('heeds an abort that comes while it verifies the end', async () => {
    const verify = { path: 'verify.sql', sha256: 'a'.repeat(64) };
    const release: ToldRelease = await world.release({
      ...ungated(),
      auditOrder: audited({ gates: [], verify }),
      observeTarget: async (sight) => {
        if (sight.checks.length > 0) await release.signal('abort');
        return seen(sight);
      },
    });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: true });
  });

  it('closes nothing in a database that was not the one meant', async () => {
    const closed: string[] = [];
    const claimDatabase: Told['claimDatabase'] = () => {
      throw ApplicationFailure.create({
        type: 'WRONG_REGISTRATION',
        message: 'another one',
        nonRetryable: true,
      });
    };
    const release = await world.release({
      ...ungated(),
      claimDatabase,
      closeClaim: ({ end }) => void closed.push(end.outcome),
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'WRONG_REGISTRATION' },
    });
    expect(closed).toEqual([]);
  });
});
