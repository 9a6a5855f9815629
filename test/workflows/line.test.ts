import { Target, held, holdingIn, inLineIn } from './held-target';
import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { audited, seen } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

describe('releases that find their target held', () => {
  it('stand in line, say behind whom, and are served one at a time, in their order', async () => {
    const target = new Target();
    const first = await holding(target);
    const others: ToldRelease[] = [];
    for (let number = 0; number < 4; number += 1) others.push(await inLine(target));
    const status = await others[0]?.status();
    expect(status?.waitingFor).toEqual([
      `production: release ${first.handle.workflowId} of lead-a has held this database; it goes on by itself, through its gates, when that one has ended`,
    ]);
    target.letFirstEnd();
    for (const release of [first, ...others])
      await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
    expect(target.served).toEqual([first, ...others].map(({ handle }) => handle.workflowId));
  });

  it('hand their turn on where their gate has closed meanwhile, and take another one later', async () => {
    const target = new Target();
    const first = await holding(target);
    const [unsure, next] = [await inLine(target), await inLine(target)];
    await unsure.signal('withdraw');
    target.letFirstEnd();
    await expect(first.result()).resolves.toMatchObject({ outcome: 'released' });
    await expect(next.result()).resolves.toMatchObject({ outcome: 'released' });
    await unsure.until((status) => status.stage === 'gate before 10_a' && status.waitingFor.length > 0);
    await unsure.signal('approve', { as: 'dba-b' });
    await expect(unsure.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('that are aborted or terminated in line keep nobody behind them waiting', async () => {
    const target = new Target();
    const first = await holding(target);
    const [aborted, terminated, last] = [await inLine(target), await inLine(target), await inLine(target)];
    await aborted.signal('abort');
    await expect(aborted.result()).resolves.toMatchObject({ outcome: 'aborted', rolledBack: false });
    await terminated.handle.terminate('a test');
    target.letFirstEnd();
    await expect(first.result()).resolves.toMatchObject({ outcome: 'released' });
    await expect(last.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('take those who stand behind them along where somebody else was faster', async () => {
    const target = new Target();
    const first = await holding(target);
    const [next, last] = [await inLine(target), await inLine(target)];
    const thief = await world.release(target.told);
    await thief.atGate();
    target.thief = thief.handle.workflowId;
    target.letFirstEnd();
    await expect(first.result()).resolves.toMatchObject({ outcome: 'released' });
    await next.until(({ waitingFor }) => waitingFor[0]?.includes(thief.handle.workflowId) === true);
    target.thief = null;
    target.holder = null;
    await thief.signal('abort');
    await expect(next.result()).resolves.toMatchObject({ outcome: 'released' });
    await expect(last.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('look one after the other where their gate opens for all of them at once', async () => {
    const target = new Target();
    const looked: string[] = [];
    const gates = [{ id: 'rollout', before: '10_a', approvals: {}, hard: { sql: 'select 1', opens: '> 0' } }];
    const waiting = async (name: string): Promise<ToldRelease> => {
      const release = await world.release({
        ...target.told,
        auditOrder: audited({ gates }),
        observeTarget: (sight) => {
          if (sight.gates.length > 0) looked.push(name);
          return seen(sight);
        },
      });
      await release.atGate();
      return release;
    };
    const [first, second, third] = [await waiting('first'), await waiting('second'), await waiting('third')];
    const open = [{ gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '' }];
    await first.handle.signal('gateReadings', open);
    await first.until((status) => status.stage === '10_a');
    for (const each of [second, third]) {
      await each.handle.signal('gateReadings', open, first.handle.workflowId);
      const { waitingFor } = await each.until((status) => status.stage === 'in line');
      expect(waitingFor[0]).toContain(`release ${first.handle.workflowId} goes first`);
    }
    expect(looked).toEqual(['first']);
    target.letFirstEnd();
    for (const each of [first, second, third])
      await expect(each.result()).resolves.toMatchObject({ outcome: 'released' });
    expect(looked).toEqual(['first', 'second', 'third']);
    expect(target.served).toEqual([first, second, third].map(({ handle }) => handle.workflowId));
  });

  it('keep who comes while their gate opens, and let them go where it has closed again', async () => {
    const target = new Target();
    const gates = [{ id: 'rollout', before: '10_a', approvals: {}, hard: { sql: 'select 1', opens: '> 0' } }];
    const [opened, flapped] = [
      await world.release({ ...target.told, auditOrder: audited({ gates }) }),
      await world.release({ ...target.told, auditOrder: audited({ gates }) }),
    ];
    const [behindOpened, behindFlapped] = [await world.release(), await world.release()];
    for (const each of [opened, flapped, behindOpened, behindFlapped]) await each.atGate();
    await world.rest(); // what is sent now is heard in one task
    const open = { gate: 'rollout', open: true, value: 1, opens: '> 0', readAt: '' };
    for (const [leader, follower] of [
      [opened, behindOpened],
      [flapped, behindFlapped],
    ] as const) {
      await leader.handle.signal('gateReadings', [open]);
      await leader.handle.signal('standInLine', [follower.handle.workflowId]);
    }
    await flapped.handle.signal('gateReadings', [{ ...open, open: false }]);
    await world.work();
    await opened.until((status) => status.stage === '10_a');
    await turnOf(behindFlapped);
    const early = await turnsOf(behindOpened);
    target.letFirstEnd();
    expect(early).toBe(0);
    await expect(opened.result()).resolves.toMatchObject({ outcome: 'released' });
    await turnOf(behindOpened);
    for (const each of [flapped, behindOpened, behindFlapped]) {
      await each.signal('abort');
      await each.result();
    }
  });

  it('do not wait for one that goes first and is not ready', async () => {
    const [idle, other] = [await world.release(), await world.release()];
    await idle.atGate();
    await other.atGate();
    await other.handle.signal('gateReadings', [], idle.handle.workflowId);
    await other.signal('approve');
    await expect(other.result()).resolves.toMatchObject({ outcome: 'released' });
    await idle.signal('abort');
    await expect(idle.result()).resolves.toMatchObject({ outcome: 'aborted' });
  });

  it('behind one that fails are served all the same', async () => {
    const target = new Target();
    const first = await holding(target);
    const next = await inLine(target);
    await first.signal('abort');
    target.letFirstEnd();
    await expect(first.result()).resolves.toMatchObject({ outcome: 'aborted' });
    await expect(next.result()).resolves.toMatchObject({ outcome: 'released' });
  });

  it('are refused behind one that runs no more, and it is named', async () => {
    const claimDatabase = () => {
      throw held('release-shop-gone');
    };
    const release = await world.release({ claimDatabase });
    await release.atGate();
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'DATABASE_HELD', message: 'release release-shop-gone of lead-a has held this database' },
    });
  }, 60_000);

  it('hear no line that is none', async () => {
    const release = await world.release();
    await release.atGate();
    for (const nonsense of ['x', 7, null, [7], { length: 3 }]) {
      await release.handle.signal('standInLine', nonsense);
      await release.handle.signal('databaseFree', nonsense);
    }
    await release.signal('approve');
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  });
});

const holding = (target: Target): Promise<ToldRelease> => holdingIn(world, target);
const inLine = (target: Target): Promise<ToldRelease> => inLineIn(world, target);

/** How often it was told that it may be its turn. */
async function turnsOf({ handle }: ToldRelease): Promise<number> {
  const { events } = await handle.fetchHistory();
  const signals = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
  return signals.filter((name) => name === 'databaseFree').length;
}

async function turnOf(release: ToldRelease): Promise<void> {
  while ((await turnsOf(release)) === 0) await new Promise((resolve) => setTimeout(resolve, 20)); // it is waited for
}
