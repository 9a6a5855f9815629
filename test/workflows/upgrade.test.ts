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

let current = 'old';
const TWO = { ...ROLLOUT, approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } } };

it('a release that waits goes on by newer code with all that it knows; one that holds its target ends by the code under which it began', async () => {
  const waiting = await world.release({
    auditOrder: audited({ gates: [TWO] }),
    readCurrentBuild: () => current,
  });
  let asked = 0;
  const staying = await world.release({
    auditOrder: audited({ gates: [TWO] }),
    readCurrentBuild: () => ((asked += 1), 'old'), // whatever the server's flag says
  });
  await Promise.all([waiting.atGate(), staying.atGate()]);
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

  current = 'new';
  await waiting.signal('approve', { as: 'dba-a', key: 'the-first-key' }); // delivered once more: answered already
  expect(await waiting.acts()).toHaveLength(2);
  while ((await buildOf(waiting)) !== 'new') {
    await waiting.signal('approve', { as: 'another stranger' }); // it looks when somebody acts, and the server's word may lag
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const moved = await waiting.atGate();
  expect(moved.gates[0]?.approvals).toMatchObject([{ have: ['dba-a'] }]);
  expect(moved.stages.map(({ stage }) => stage).slice(0, 3)).toEqual([
    'audit',
    'preflight',
    'rehearsal evidence',
  ]);

  await waiting.signal('approve', { as: 'dba-b', key: 'the-last-key' });
  const outcome = await waiting.result();
  expect(outcome).toMatchObject({
    outcome: 'released',
    approvals: [{ who: 'dba-a' }, { who: 'dba-b' }],
    tiers: [{ outcome: 'applied' }, { outcome: 'applied' }, { outcome: 'applied' }],
  });
  expect(outcome.acts.filter(({ accepted }) => accepted).map(({ key }) => key)).toEqual([
    'the-first-key',
    'the-last-key',
  ]);
  expect(outcome.acts.filter(({ key }) => key === 'the-first-key')).toHaveLength(1);
  expect(await buildOf(waiting)).toBe('new');
  for (const as of ['a stranger', 'one more', 'dba-a']) await staying.signal('approve', { as });
  await staying.until(({ gates }) => gates[0]?.approvals[0]?.have.length === 1);
  expect([await buildOf(staying), asked]).toEqual(['old', 1]);
  await staying.signal('abort', { as: 'lead-b' });

  const later = await world.release({ auditOrder: audited({ gates: [] }) });
  await later.result();
  expect(await buildOf(later)).toBe('new');
}, 120_000);
