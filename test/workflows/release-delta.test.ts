import type { Sight } from '../../src/activities/readings';
import type { SchemaDelta } from '../../src/core/schema/delta';
import { ungated } from './orders';
import { ToldWorld } from './told';
import { SUMMARY, WELL, audited, seen } from './well';
import type { Told } from './well';

let world: ToldWorld;
beforeAll(async () => (world = await ToldWorld.open()), 120_000);
afterAll(() => world.close());

const REHEARSED = { source: '1'.repeat(64), before: '2'.repeat(64), applied: '3'.repeat(64) };
const EXPLAINED: SchemaDelta = {
  predicted: 3,
  explained: 3,
  unexplained: [],
  more: 0,
  sourceChangedSince: ['view public.v: new after'],
};
const UNEXPLAINED: SchemaDelta = { ...EXPLAINED, unexplained: ['index public.orders.i: new after'] };

describe('the end of a release', () => {
  it('compares what it changed with what the rehearsal had changed, and reads what it touches', async () => {
    const sights: Sight[] = [];
    const release = await world.release(toldOf(EXPLAINED, sights));
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      delta: {
        ...EXPLAINED,
        rehearsedAt: '2026-06-01T10:00:00Z',
        metricsMovedSince: ['orders: 7 → 9'],
      },
      unread: ['public.orders: no time was left'],
    });
    const [again, end, ...others] = sights.filter(({ tables }) => tables !== undefined);
    expect(others).toEqual([]); // before it is held nobody's rows are read
    expect([again?.tables, again?.expected]).toEqual([['public.orders', 'public.approvals'], undefined]);
    expect(end).toMatchObject({
      tables: ['public.orders', 'public.approvals'],
      expected: { rehearsed: REHEARSED, entry: SUMMARY.ref },
    });
  });

  it('rolls back what nobody predicted, and compares rows with before', async () => {
    const compared: unknown[] = [];
    const release = await world.release({
      ...toldOf(UNEXPLAINED),
      compareFingerprints: (pair) => {
        compared.push(pair);
        return { verdict: 'identical', differences: [], more: 0 };
      },
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'rolled back',
      error: {
        code: 'DELTA_UNEXPLAINED',
        message: 'the schema is not what was predicted: index public.orders.i: new after',
      },
    });
    expect(compared).toEqual([{ before: SUMMARY.ref, after: SUMMARY.ref, others: 'may write' }]);
  });

  it('reports it alone where the policy says so', async () => {
    const release = await world.release({
      ...toldOf(UNEXPLAINED),
      auditOrder: audited({ gates: [] }, { ...POLICY, unexplained: 'report' }),
    });
    await expect(release.result()).resolves.toMatchObject({
      outcome: 'released',
      delta: { unexplained: ['index public.orders.i: new after'] },
    });
  });

  it('reports it alone where event triggers were at work that no clone has', async () => {
    const release = await world.release(toldOf({ ...UNEXPLAINED, cut: ['watch'] }));
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released', delta: { cut: ['watch'] } });
  });

  it('asks nothing of rehearsals that named no fingerprints', async () => {
    const sights: Sight[] = [];
    const told = { ...toldOf(EXPLAINED, sights), findRehearsal: WELL.findRehearsal };
    const release = await world.release(told);
    await expect(release.result()).resolves.toMatchObject({ outcome: 'released' });
    expect(sights.map(({ expected }) => expected)).toEqual(sights.map(() => undefined));
  });
});

const POLICY = { gates: [{ id: 'policy', before: 'first' }], protectedTables: ['public.approvals'] };

/** A release of which a rehearsal is known, without gates. */
function toldOf(delta: SchemaDelta, sights: Sight[] = []): Told {
  return {
    ...ungated(),
    auditOrder: audited({ gates: [] }, POLICY),
    findRehearsal: () => ({
      digest: 'f'.repeat(64),
      id: 'rehearsal-shop-1',
      at: '2026-06-01T10:00:00Z',
      tiers: {},
      touched: ['public.orders'],
      fingerprints: REHEARSED,
      entry: { orders: 7 },
    }),
    observeTarget: (sight) => {
      if (sight.schema) sights.push(sight);
      const metrics = { orders: 9 };
      if (sight.expected === undefined) return seen(sight, { metrics });
      return seen(sight, { metrics, delta, unread: ['public.orders: no time was left'] });
    },
  };
}
