import { recording, ungated } from './orders';
import { ToldWorld } from './told';
import { APPLIED, ROLLOUT, SUMMARY, audited, seen } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

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
      auditOrder: audited({
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

  it('answers an act that was there before its first line ran', async () => {
    const release = await world.release(
      {},
      { early: { signal: 'abort', payload: { key: 'early-key', as: 'lead-b', reason: 'wrong day' } } },
    );
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'aborted',
      acts: [{ key: 'early-key', accepted: true }],
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
    const release = await world.release({ auditOrder: audited({}, { waitAtMost: '1s' }) });
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
      auditOrder: audited({ gates: [{ ...ROLLOUT, approvals: {}, hard }] }),
      applyTier: () => (++tries === 1 ? closed : APPLIED),
    });
    await release.atGate();
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
    const next = (): string => (schemas.length > 1 ? schemas.shift() : schemas[0]) ?? '';
    const observeTarget: Told['observeTarget'] = (sight) =>
      seen(sight, sight.schema ? { schema: { ...SUMMARY, schema: next() } } : {});
    const release = await world.release({ observeTarget });
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

describe('a scope that no gate of the policy covers', () => {
  it('is refused: a package never chooses its own gate', async () => {
    const gates = [{ id: 'policy', before: 'first', scopes: ['option-3'] }];
    const release = await world.release({ auditOrder: audited({}, { gates }) });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'POLICY_MISSING' },
    });
  });
});
