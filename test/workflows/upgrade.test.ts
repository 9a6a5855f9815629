import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { APPLIED, ROLLOUT, audited } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open('old')), 120_000);
afterAll(() => world.close());

/** The build by which the workflow's last task was done. */
async function buildOf({ handle }: ToldRelease): Promise<string> {
  const { raw } = await handle.describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? '';
}

const TWO = { ...ROLLOUT, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } } };

it('a release that waits, and one that holds its target, end by the code under which they began; new ones run by the newer', async () => {
  const waiting = await world.release({ auditOrder: audited({ gates: [TWO] }) });
  await waiting.atGate();
  await waiting.signal('approve', { as: 'dba-a', key: 'the-first-key' });
  await waiting.signal('approve', { as: 'stranger' });

  const builds: string[] = [];
  let goOn = (): void => undefined;
  const isUpgraded = new Promise<void>((resolve) => (goOn = resolve));
  const holding: ToldRelease = await world.release({
    auditOrder: audited({ gates: [] }),
    applyTier: async () => {
      await isUpgraded;
      builds.push(await buildOf(holding));
      return APPLIED;
    },
  });
  await holding.until((status) => status.stage === '10_a');
  expect([await buildOf(waiting), await buildOf(holding)]).toEqual(['old', 'old']);

  await world.work('new');
  goOn();
  await expect(holding.result()).resolves.toMatchObject({ outcome: 'released' });
  expect(builds).toEqual(['old', 'old', 'old']);

  await waiting.signal('approve', { as: 'dba-a', key: 'the-first-key' }); // delivered once more: answered already
  expect(await waiting.acts()).toHaveLength(2);

  await waiting.signal('approve', { as: 'dba-b', key: 'the-last-key' });
  const outcome = await waiting.result();
  expect(outcome).toMatchObject({
    outcome: 'released',
    approvals: [{ who: 'dba-a' }, { who: 'dba-b' }],
    tiers: [{ outcome: 'applied' }, { outcome: 'applied' }, { outcome: 'applied' }],
  });
  expect(outcome.acts).toHaveLength(3);
  expect(await buildOf(waiting)).toBe('old');
  const later = await world.release({ auditOrder: audited({ gates: [] }) });
  await later.result();
  expect(await buildOf(later)).toBe('new');
}, 120_000);
