import { Target, held, holdingIn, inLineIn } from './held-target';
import { ToldWorld } from './told';
import type { ToldRelease } from './told';

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
