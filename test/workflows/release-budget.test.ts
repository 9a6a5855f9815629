import type { PlannedFile } from '../../src/core/schema/plan';
import { plannedTier } from '../support/prepared';
import { ToldWorld } from './told';
import { audited } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

const FILE: PlannedFile = { path: 'prod/any.sql', sha256: 'a'.repeat(64) };
const MOST_EVENTS = 150;
const MOST_BYTES = 150 * 1024;

/** Six tiers, a gate of two people and a hard gate that opens last, every file that a package can have. */
const SIX_TIERS = audited({
  tiers: ['10', '20', '30', '40', '50', '60'].map((id) => plannedTier(`${id}_a`)),
  gates: [
    {
      id: 'rollout',
      before: '10_a',
      approvals: { dba: { need: 2, of: ['dba-a', 'dba-b'] } },
      hard: { sql: 'select 1', opens: '> 0' },
    },
  ],
  preflight: FILE,
  verify: FILE,
  readContract: FILE,
  probe: FILE,
});

/** DESIGN.md §14. */
it('has at most 150 events and 150 KB of history with six tiers, two approvals and a hard gate', async () => {
  const release = await world.release({ auditOrder: SIX_TIERS });
  const reading = { gate: 'rollout', open: false, value: 0, opens: '> 0', readAt: '' };
  await release.atGate();
  await release.handle.signal('gateReadings', [reading]);
  for (const as of ['dba-a', 'dba-b']) {
    await release.signal('approve', { as });
    await release.acts(); // each is answered before the next one is sent
  }
  await release.handle.signal('gateReadings', [{ ...reading, open: true, value: 1 }]);
  await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
  const { events } = await release.handle.fetchHistory();
  const { historySizeBytes } = (await release.handle.describe()).raw.workflowExecutionInfo ?? {};
  expect(events?.length).toBeLessThanOrEqual(MOST_EVENTS);
  expect(Number(historySizeBytes)).toBeGreaterThan(0);
  expect(Number(historySizeBytes)).toBeLessThanOrEqual(MOST_BYTES);
});
