import { containing } from '../postgres/shop';
import { greenfield } from './support/greenfield';
import { packageOf } from './support/packages';
import { rehearse, releaseOutcome, startApproved } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

const ROLLBACK = `-- one-roof: rollback 10_items
drop table shop_item;
-- one-roof: rollback 20_wider
alter table shop_item drop column cents;
`;
const ITEMS = `create table shop_item (item text not null);
insert into shop_item select 'item ' || n from generate_series(1, 1000) n;
`;
const WIDER = 'alter table shop_item add column cents integer default 0;\n';

function filesWith(budget: string, wider: string): Readonly<Record<string, string>> {
  return {
    'release.yaml': `name: shop
version: "1"
database: { name: directus }
budget: ${budget}
tiers:
  - { id: 10_items, apply: items.sql, rollback: rollback.sql }
  - { id: 20_wider, apply: wider.sql, rollback: rollback.sql }
`,
    'items.sql': ITEMS,
    'wider.sql': wider,
    'rollback.sql': ROLLBACK,
  };
}

describe('a budget', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld(0.01);
  });

  afterAll(async () => {
    await world.end();
  });

  beforeEach(async () => {
    await greenfield(world.state, 'approved');
  });

  it('that is broken fails the rehearsal, with the figures', async () => {
    const wider = `${WIDER}alter table shop_item alter column cents type bigint;\n`;
    const folder = await packageOf(filesWith('{ noRewrite: true }', wider));
    await expect(rehearse(world, folder)).resolves.toMatchObject({
      outcome: 'failed',
      error: {
        code: 'BUDGET_EXCEEDED',
        message: 'tier 20_wider: it rewrote public.shop_item, and noRewrite is set',
      },
      tiers: [
        { outcome: 'applied', blast: { lockMs: 0, blocks: 'nothing that applications do' } },
        { outcome: 'failed' },
      ],
    });
  });

  it('that is kept to lets the release through, and its outcome compares it with the rehearsal', async () => {
    const folder = await packageOf(filesWith('{ maxLock: 60s, noRewrite: true, tolerance: 100 }', WIDER));
    const rehearsed = await rehearse(world, folder);
    const released = await releaseOutcome(await startApproved(world, folder));
    const then = rehearsed.tiers[1];
    const now = released.tiers[1];
    expect(released.outcome).toBe('released');
    expect(now?.blast?.strongestLock).toMatchObject({
      relation: 'public.shop_item',
      mode: 'AccessExclusiveLock',
    });
    expect(now?.measures).toMatch(/^[0-9a-f]{64}$/);
    expect(now?.compared).toMatchObject({
      ms: { rehearsed: then?.ms, released: now?.ms },
      lockMs: { rehearsed: then?.blast?.lockMs, released: now?.blast?.lockMs },
      walBytes: { rehearsed: then?.walBytes },
    });
  });

  it('stops the release where production takes so many times longer than the rehearsal', async () => {
    const slow = `${WIDER}select pg_sleep(100) where current_database() !~ 'rehearsal';\n`;
    const folder = await packageOf(filesWith('{ tolerance: 1 }', slow));
    await expect(rehearse(world, folder)).resolves.toMatchObject({ outcome: 'rehearsed' });
    await expect(releaseOutcome(await startApproved(world, folder))).resolves.toMatchObject({
      outcome: 'rolled back',
      error: { code: 'BUDGET_EXCEEDED', message: containing('tolerance is 1') },
      tiers: [{ outcome: 'rolled back' }, { outcome: 'not reached' }],
      rollback: { verdict: 'identical' },
    });
  });
});
