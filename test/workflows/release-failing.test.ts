import { ApplicationFailure, Context } from '@temporalio/activity';
import { STATEMENT_FAILED, failAt, heartbeating, recording, ungated } from './orders';
import { ToldWorld } from './told';
import { APPLIED, ROLLED_BACK, ROLLOUT, audited, seen } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

describe('a release that goes wrong', () => {
  it('rolls back, last first, what it applied and what may have taken effect', async () => {
    const asked: string[] = [];
    const { rollBackTier } = recording(asked);
    const release = await world.release({ ...ungated(), rollBackTier, applyTier: failAt('20_b') });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      rolledBack: true,
      error: { code: 'STATEMENT_FAILED', message: 'division by zero (SQLSTATE 22012)' },
      tiers: [{ outcome: 'rolled back' }, { outcome: 'rolled back' }, { outcome: 'not reached' }],
    });
    expect(asked).toEqual(['rollback 20_b 3', 'rollback 10_a 4']);
  });

  it('never rolls back a tier that an earlier release applied', async () => {
    const asked: string[] = [];
    const { rollBackTier } = recording(asked);
    const applyTier: Told['applyTier'] = ({ tier }) => {
      if (tier.id === '30_c') throw STATEMENT_FAILED;
      return tier.id === '10_a' ? { outcome: 'already applied', release: 'release-shop-0' } : APPLIED;
    };
    const release = await world.release({ ...ungated(), rollBackTier, applyTier });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      tiers: [{ outcome: 'already applied' }, { outcome: 'rolled back' }, { outcome: 'rolled back' }],
    });
    expect(asked.map((each) => each.split(' ')[1])).toEqual(['30_c', '20_b']);
  });

  it('tries again with the next ordinal what another session undid', async () => {
    const ordinals: number[] = [];
    const applyTier: Told['applyTier'] = ({ hold }) => {
      ordinals.push(hold.ordinal);
      if (ordinals.length < 3)
        throw ApplicationFailure.create({
          type: 'LOCK_TIMEOUT',
          message: 'canceling statement due to lock timeout',
        });
      return APPLIED;
    };
    const release = await world.release({ ...ungated(), applyTier });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      tiers: [{ attempts: 3 }, { attempts: 1 }, { attempts: 1 }],
    });
    expect(ordinals).toEqual([1, 2, 3, 4, 5]);
  });

  it('is held, not undone, when only the observation failed; a person decides', async () => {
    let isDown = true;
    const observeTarget: Told['observeTarget'] = (sight) => {
      if (isDown && applied.length === 3)
        throw ApplicationFailure.create({
          type: 'AUTH_FAILED',
          message: 'password expired',
          nonRetryable: true,
        });
      return seen(sight);
    };
    const applied: string[] = [];
    const release = await world.release({
      ...ungated(),
      auditOrder: audited({ gates: [], probe: { path: 'probe.sql', sha256: 'a'.repeat(64) } }),
      observeTarget,
      ...recording(applied),
    });
    const status = await release.until((each) => each.stage === 'hold');
    expect(status.choices).toEqual([
      'decide retry: go on where it stopped',
      'decide rollback: undo what this release has applied',
    ]);
    isDown = false;
    await release.signal('decide', { choice: 'retry' });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
    expect(applied).toEqual(['apply 10_a 1', 'apply 20_b 2', 'apply 30_c 3']);
  });

  it('is stuck, and says so, until a person has mended what stops its rollback', async () => {
    let isMended = false;
    const rollBackTier: Told['rollBackTier'] = () => {
      if (!isMended)
        throw ApplicationFailure.create({
          type: 'OTHERS_ROWS',
          message: 'public.orders: 2 rows',
          nonRetryable: true,
        });
      return ROLLED_BACK;
    };
    const told: unknown[] = [];
    const release = await world.release({
      auditOrder: notifying(),
      notifyPeople: (order) => void told.push(order),
      rollBackTier,
      applyTier: failAt('20_b'),
    });
    const status = await release.until((each) => each.stage === 'stuck');
    await release.until(() => told.length > 0);
    expect(told).toMatchObject([
      {
        target: 'production',
        notice: {
          kind: 'stuck',
          workflow: release.handle.workflowId,
          lines: ['OTHERS_ROWS: public.orders: 2 rows', expect.anything()],
          choices: status.choices,
        },
      },
    ]);
    expect(status.waitingFor[0]).toContain('OTHERS_ROWS: public.orders: 2 rows');
    const { stuck } = await release.until((each) => each.stuck !== undefined);
    expect(stuck).toMatchObject({
      tier: '20_b',
      sql: 'drop table orders;',
      runbook: ['docs/operating.md#a-rollback-that-is-stuck', 'docs/failures.md#others_rows'],
    });
    isMended = true;
    await release.signal('decide', { choice: 'retry' });
    const goesOn = await release.until((each) => each.stage !== 'stuck');
    expect(goesOn.stuck).toBeUndefined();
    await expect(release.result()).resolves.toMatchObject({ outcome: 'rolled back' });
  });

  it('holds all the same where nobody can be told, and says so', async () => {
    const release = await world.release({
      auditOrder: notifying(),
      notifyPeople: () => {
        throw ApplicationFailure.create({
          type: 'NOTIFY_FAILED',
          message: 'webhook of OPS',
          nonRetryable: true,
        });
      },
      applyTier: () => {
        throw ApplicationFailure.create({ type: 'AUTH_FAILED', message: 'expired', nonRetryable: true });
      },
    });
    const { choices } = await release.until(
      ({ stages }) => stages.at(-1)?.note === 'nobody could be told: webhook of OPS',
    );
    expect(choices).toHaveLength(2);
    await release.signal('abort', { as: 'lead-b' });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted' });
  });

  it('says, while a rollback waits for locks, who holds them, for how long, what then and what is applied', async () => {
    let isFree = false;
    const rollBackTier: Told['rollBackTier'] = () => {
      if (!isFree) throw ApplicationFailure.create({ type: 'LOCK_TIMEOUT', message: 'held by process 7' });
      return ROLLED_BACK;
    };
    const release = await world.release({ ...ungated(), rollBackTier, applyTier: failAt('20_b') });
    const { stages } = await release.until(
      ({ stages: all }) => all.at(-1)?.note?.includes('tried again') === true,
    );
    expect(stages.at(-1)).toMatchObject({ stage: 'roll back 20_b', state: 'running' });
    expect(stages.at(-1)?.note).toMatch(
      /^LOCK_TIMEOUT: held by process 7; tried again by itself until \d\d:\d\d:\d\d UTC \(15 min left\), then a person is asked; applied: 10_a$/,
    );
    isFree = true;
    const { stages: told } = await release.result();
    expect(told.filter(({ stage }) => stage.includes('20_b')).map(({ stage }) => stage)).toEqual([
      '20_b',
      'roll back 20_b',
    ]);
  });

  it('is rolled back when nobody decides in time; a failure that is no verdict waits on', async () => {
    const held = (applyTier: NonNullable<Told['applyTier']>) =>
      world.release({
        ...ungated(),
        applyTier,
        auditOrder: audited({ gates: [], onFailure: 'hold' }, { decideWithin: '3s' }),
      });
    const [failed, unseen] = await Promise.all([
      held(failAt('20_b')),
      held(() => {
        throw ApplicationFailure.create({ type: 'AUTH_FAILED', message: 'expired', nonRetryable: true });
      }),
    ]);
    const { choices } = await failed.until((each) => each.stage === 'hold');
    expect(choices.at(-1)).toMatch(/^no decision until 20.*: it is rolled back$/);
    const { outcome, error, stages } = await failed.result();
    expect([outcome, error?.code]).toEqual(['rolled back', 'STATEMENT_FAILED']);
    expect(stages.find(({ stage }) => stage === 'hold')?.note).toBe('nobody in time: rollback');
    const { stage, choices: left } = await unseen.status();
    expect([stage, left.length]).toEqual(['hold', 2]);
    await unseen.signal('abort', { as: 'lead-b' });
    await expect(unseen.result()).resolves.toMatchObject({ outcome: 'aborted' });
  });

  it('aborted in the midst of a tier, waits for its end and rolls back', async () => {
    const asked: string[] = [];
    const applyTier: Told['applyTier'] = async ({ tier }) => {
      if (tier.id !== '20_b') return APPLIED;
      asked.push('begun');
      await Context.current().cancelled.catch(() => asked.push('cancelled'));
      throw ApplicationFailure.create({ type: 'ABORTED', message: 'cancelled', nonRetryable: true });
    };
    const { rollBackTier } = recording(asked);
    const release = await world.release({ ...ungated(), applyTier: heartbeating(applyTier), rollBackTier });
    await release.until(() => asked.includes('begun'));
    await release.signal('abort', { as: 'lead-b', reason: 'wrong day' });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'aborted',
      rolledBack: true,
      error: { message: 'lead-b: wrong day' },
    });
    expect(asked.slice(0, 2)).toEqual(['begun', 'cancelled']);
    expect(asked.slice(2).map((each) => each.split(' ')[1])).toEqual(['20_b', '10_a']);
  });

  it('cancelled by Temporal itself, rolls back all the same', async () => {
    const asked: string[] = [];
    const { rollBackTier } = recording(asked);
    const release = await world.release({
      ...ungated(),
      auditOrder: audited({ gates: [{ ...ROLLOUT, before: '20_b' }] }),
      rollBackTier,
    });
    await release.atGate();
    await release.handle.cancel();
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: true });
    expect(asked.map((each) => each.split(' ')[1])).toEqual(['10_a']);
  });
});

/** Without a gate, and with somebody to be told. */
function notifying(): NonNullable<Told['auditOrder']> {
  return async (order) => {
    const { plan, targets } = await audited({ gates: [] })(order);
    return { plan, targets: targets.map((target) => ({ ...target, notifies: true })) };
  };
}
