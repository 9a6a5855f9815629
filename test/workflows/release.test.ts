import { ApplicationFailure, Context } from '@temporalio/activity';
import { Policy } from '../../src/core/schema/target';
import { WORKFLOW_QUEUE } from '../../src/core/rules/contract';
import type { TierAttempt } from '../../src/core/schema/attempt';
import { APPLIED, ROLLED_BACK, ROLLOUT, ToldWorld, planOf } from './told';
import type { Told } from './told';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

const STATEMENT_FAILED = ApplicationFailure.create({
  type: 'STATEMENT_FAILED',
  message: 'division by zero (SQLSTATE 22012)',
  nonRetryable: true,
});

describe('a release', () => {
  it('touches nothing before its gate is open', async () => {
    const asked: string[] = [];
    const release = await world.release({ ...recording(asked) });
    await release.atGate();
    expect(asked).toEqual([]);
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      approvals: [{ who: 'dba-a', gate: 'rollout', assurance: 'claimed' }],
    });
    expect(asked).toEqual(['apply 10_a 1', 'apply 20_b 2', 'apply 30_c 3']);
  });

  it('stays closed whatever is sent to it, and records every act with its answer', async () => {
    const asked: string[] = [];
    const release = await world.release({ ...recording(asked) });
    await release.atGate();
    const refused = [
      ['approve', { as: 'stranger' }],
      ['approve', { as: 'lead-a' }],
      ['approve', { digest: 'f'.repeat(64) }],
      ['approve', { gate: 'nowhere' }],
      ['openGate', { as: 'stranger' }],
      ['openGate', { digest: 'short' }],
      ['withdraw', {}],
      ['reject', { as: 'stranger' }],
      ['resume', {}],
      ['decide', { choice: 'retry' }],
      ['decide', { choice: 'release' }],
      ['approve', { key: 'short' }],
      ['pause', { as: '' }],
      ['abort', { reason: '' }],
    ] as const;
    for (const [name, change] of refused) await release.signal(name, change);
    await release.handle.signal('approve', 'not even an object');
    await release.handle.signal('noSuchSignal', {});
    const acts = await release.acts();
    expect(acts).toHaveLength(refused.length + 1);
    expect(acts.filter((act) => act.accepted)).toEqual([]);
    expect(new Set(acts.map((act) => act.reason)).size).toBeGreaterThanOrEqual(12);
    expect((await release.status()).stage).toBe('gate before 10_a');
    expect(asked).toEqual([]);
    await release.signal('abort');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: false });
  });

  it('answers an act once, however often it is delivered', async () => {
    const release = await world.release({
      auditPackage: planOf({
        gates: [{ ...ROLLOUT, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } } }],
      }),
    });
    await release.atGate();
    await release.signal('approve', { key: 'the-same-key' });
    await release.signal('approve', { key: 'the-same-key' });
    expect(await release.acts()).toHaveLength(1);
    await release.signal('withdraw');
    await release.signal('approve', { as: 'dba-b' });
    expect((await release.status()).waitingFor[0]).toBe('gate rollout: 1 more approval of group dba (dba-a)');
    await release.signal('reject', { as: 'dba-a', reason: 'not this week' });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rejected',
      error: { code: 'REJECTED', message: 'dba-a: not this week' },
    });
  });

  it('answers what was sent while no worker ran', async () => {
    const release = await world.release();
    await release.atGate();
    await world.rest();
    await release.signal('approve');
    await world.work();
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      acts: [{ act: 'approve', accepted: true }],
    });
  });

  it('expires where nobody opens its gate', async () => {
    const release = await world.release({ describeTarget: ({ name }) => target(name, { waitAtMost: '1s' }) });
    await expect(release.result()).resolves.toMatchObject({ outcome: 'expired', rolledBack: false });
  });

  it('is refused without a rehearsal of the same bytes', async () => {
    const release = await world.release({ findRehearsal: () => null });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'REHEARSAL_MISSING' },
    });
  });

  it('waits again where the gate is found closed inside a tier’s transaction, and counts it for no failure', async () => {
    let tries = 0;
    const hard = { sql: 'select 1', opens: '> 0' };
    const closed = {
      outcome: 'gate closed' as const,
      readings: [{ gate: 'rollout', open: false, value: 0, opens: '> 0', readAt: '' }],
    };
    const release = await world.release({
      ...ungated(),
      auditPackage: planOf({ gates: [{ ...ROLLOUT, approvals: {}, hard }] }),
      applyTier: () => (++tries === 1 ? closed : APPLIED),
    });
    await release.handle.signal('gateReadings', [
      { gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '' },
    ]);
    await release.until((status) => status.waitingFor.length > 0 && tries === 1);
    await release.handle.signal('gateReadings', [
      { gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '' },
    ]);
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('asks again when the schema has changed while people decided', async () => {
    const schemas = ['1', '2'].map((digit) => digit.repeat(64));
    const fingerprintSchema: Told['fingerprintSchema'] = () => ({
      ref: 'c'.repeat(64),
      schema: schemas.length > 1 ? (schemas.shift() ?? '') : (schemas[0] ?? ''),
      contents: '',
      tables: 0,
      rows: 0,
      mutations: 0,
    });
    const release = await world.release({ fingerprintSchema });
    await release.atGate();
    await release.signal('approve');
    await release.until(
      (status) =>
        status.stages.filter((stage) => stage.stage.startsWith('gate before')).length === 2 &&
        status.waitingFor.length > 0,
    );
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      approvals: [{ schema: '2'.repeat(64) }],
    });
  });
});

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
    const readBaseline: Told['readBaseline'] = () => {
      if (isDown && applied.length === 3)
        throw ApplicationFailure.create({
          type: 'AUTH_FAILED',
          message: 'password expired',
          nonRetryable: true,
        });
      return { metrics: {}, mutations: 0, at: '' };
    };
    const applied: string[] = [];
    const release = await world.release({
      ...ungated(),
      auditPackage: planOf({ gates: [], probe: { path: 'probe.sql', sha256: 'a'.repeat(64) } }),
      readBaseline,
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
    const release = await world.release({ ...ungated(), rollBackTier, applyTier: failAt('20_b') });
    const status = await release.until((each) => each.stage === 'stuck');
    expect(status.waitingFor[0]).toContain('OTHERS_ROWS: public.orders: 2 rows');
    isMended = true;
    await release.signal('decide', { choice: 'retry' });
    await release.until((each) => each.stage !== 'stuck');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'rolled back' });
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
      auditPackage: planOf({ gates: [{ ...ROLLOUT, before: '20_b' }] }),
      rollBackTier,
    });
    await release.atGate();
    await release.handle.cancel();
    await expect(release.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: true });
    expect(asked.map((each) => each.split(' ')[1])).toEqual(['10_a']);
  });
});

function target(name: string, policy: object) {
  return {
    name,
    kind: 'database' as const,
    queue: WORKFLOW_QUEUE,
    protected: true,
    registered: true,
    policy: Policy.parse(policy),
  };
}

/** Without a gate, a release runs at once. */
function ungated(): Told {
  return { auditPackage: planOf({ gates: [] }) };
}

function recording(asked: string[]) {
  return {
    applyTier: ({ tier, hold }: TierAttempt) => (asked.push(`apply ${tier.id} ${hold.ordinal}`), APPLIED),
    rollBackTier: ({ tier, hold }: TierAttempt) => (
      asked.push(`rollback ${tier.id} ${hold.ordinal}`),
      ROLLED_BACK
    ),
  };
}

function failAt(id: string): NonNullable<Told['applyTier']> {
  return ({ tier }) => {
    if (tier.id === id) throw STATEMENT_FAILED;
    return APPLIED;
  };
}

/** Only a heartbeat hears of a cancellation. */
function heartbeating(work: NonNullable<Told['applyTier']>): NonNullable<Told['applyTier']> {
  return async (input) => {
    const timer = setInterval(() => Context.current().heartbeat(), 100);
    try {
      return await work(input);
    } finally {
      clearInterval(timer);
    }
  };
}
