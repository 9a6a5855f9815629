import { Context } from '@temporalio/activity';
import { EvaluationOutcome } from '../../src/core/schema/evaluation';
import { RehearsalOutcome } from '../../src/core/schema/outcome';
import { STATEMENT_FAILED, heartbeating } from './orders';
import { auditedScopes, ledgers } from './evaluated';
import { ToldWorld } from './told';

jest.setTimeout(60_000);

describe('a scope evaluation', () => {
  let world: ToldWorld;

  beforeAll(async () => {
    world = await ToldWorld.open();
  });

  afterAll(() => world.close());

  it('rehearses each scope, then the rest after the part, one after the other', async () => {
    const asked: string[] = [];
    const handle = await world.evaluation({ auditOrder: auditedScopes(), ...ledgers(asked) });
    const outcome = EvaluationOutcome.parse(await handle.result());
    expect(outcome.outcome).toBe('evaluated');
    expect(outcome.runs.map(({ scope, after, outcome: end }) => [scope, after, end])).toEqual([
      ['part', [], 'rehearsed'],
      ['full', [], 'rehearsed'],
      ['full', ['part'], 'rehearsed'],
    ]);
    expect(asked).toEqual([
      ...['1: apply 10_a', '1: roll back 10_a', '1: apply 10_a'],
      ...[
        '2: apply 10_a',
        '2: apply 20_b',
        '2: roll back 20_b',
        '2: roll back 10_a',
        '2: apply 10_a',
        '2: apply 20_b',
      ],
      ...[
        '3.part: apply 10_a',
        '3: apply 20_b',
        '3: roll back 20_b',
        '3: roll back 10_a',
        '3: apply 10_a',
        '3: apply 20_b',
      ],
    ]);
  });

  it('shows the way back from every state', async () => {
    const handle = await world.evaluation({ auditOrder: auditedScopes(), ...ledgers() });
    const { waysBack } = await handle.result();
    expect(waysBack.map(({ from, to, tiers, verdict }) => [from, to, tiers, verdict])).toEqual([
      ['part', 'entry', 1, 'identical'],
      ['full', 'entry', 2, 'identical'],
      ['part, then full', 'part', 1, 'identical'],
      ['part, the rest rolled back', 'entry', 1, 'identical'],
    ]);
  });

  it('goes on after a scope that fails, and does not recommend', async () => {
    const { applyTier, rollBackTier } = ledgers();
    const handle = await world.evaluation({
      auditOrder: auditedScopes(),
      applyTier: (attempt) => {
        if (attempt.tier.id === '20_b') throw STATEMENT_FAILED;
        return applyTier(attempt);
      },
      rollBackTier,
    });
    const outcome = await handle.result();
    expect(outcome.outcome).toBe('evaluated');
    expect(outcome.runs.map(({ outcome: end }) => end)).toEqual(['rehearsed', 'failed', 'failed']);
    expect(outcome.runs[1]?.error?.code).toBe('STATEMENT_FAILED');
    expect(outcome.recommendations).toMatchObject([{ scope: 'part', verdict: 'not recommended' }]);
  });

  it('does not begin with a part that could not be rehearsed', async () => {
    const handle = await world.evaluation({
      auditOrder: auditedScopes(),
      applyTier: () => {
        throw STATEMENT_FAILED;
      },
    });
    const outcome = await handle.result();
    expect(outcome.runs.map(({ outcome: end }) => end)).toEqual(['failed', 'failed', 'not reached']);
    expect(outcome.stages.map(({ state }) => state)).toContain('skipped');
    expect(outcome.recommendations).toMatchObject([{ verdict: 'not recommended' }]);
  });

  it('has no two steps to compare where no scope is a part of another', async () => {
    const handle = await world.evaluation({ auditOrder: auditedScopes(), ...ledgers() }, ['full']);
    const outcome = await handle.result();
    expect(outcome.runs).toHaveLength(1);
    expect(outcome.recommendations).toEqual([]);
  });

  it('that is aborted aborts its rehearsal, waits until its clone is dropped, and recommends nothing', async () => {
    const { handle, dropped } = await atWork();
    await handle.signal('approve', { key: 'key-00001', as: 'lead-a', reason: 'no gate' });
    await handle.signal('abort', { key: 'key-00002', as: 'lead-a', reason: 'not today' });
    const outcome = await handle.result();
    expect(outcome).toMatchObject({
      outcome: 'aborted',
      error: { code: 'ABORTED', message: 'lead-a: not today' },
    });
    expect(outcome.runs).toMatchObject([{ outcome: 'aborted', error: { message: 'lead-a: not today' } }]);
    expect(dropped).toHaveLength(1);
    expect(outcome.recommendations).toEqual([]);
    expect(await handle.query('acts')).toMatchObject([{ accepted: false }, { accepted: true }]);
  });

  it('that Temporal cancels drops the clone of its rehearsal before it ends', async () => {
    const { handle, dropped } = await atWork();
    await handle.cancel();
    const outcome = await handle.result();
    expect(outcome).toMatchObject({ outcome: 'aborted', runs: [{ outcome: 'aborted' }] });
    expect(dropped).toHaveLength(1);
  });

  it('that is terminated leaves its rehearsal to drop its clone', async () => {
    const { handle, dropped } = await atWork();
    await handle.terminate('by hand');
    const child = world.started(`${handle.workflowId.replace('evaluation-', 'rehearsal-')}1`);
    expect(RehearsalOutcome.parse(await child.result())).toMatchObject({
      outcome: 'aborted',
      clonesLeft: [],
    });
    expect(dropped).toHaveLength(1);
  });

  /** An evaluation whose first rehearsal is in the midst of a tier, which ends when it is cancelled. */
  async function atWork() {
    const dropped: string[] = [];
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const handle = await world.evaluation({
      auditOrder: auditedScopes(),
      applyTier: heartbeating(() => {
        reached();
        return Context.current().cancelled;
      }),
      dropClone: ({ clone }) => {
        dropped.push(clone.name);
      },
    });
    await isReached;
    return { handle, dropped };
  }
});
