import { superuserUrl } from '../../src/embedded/postgres-cluster';
import { withClient } from '../support/database';
import { containing } from '../postgres/shop';
import { greenfield, superuser } from './support/greenfield';
import { packageOf } from './support/packages';
import { attemptAt, statementAtWork } from './support/sessions';
import { rehearse, releaseOutcome, startApproved } from './support/workflows';
import { startWorld } from './support/world';
import type { World } from './support/world';

jest.setTimeout(180_000);

const INDEXED = '20_indexed';
const FILES = {
  'release.yaml': `name: shop
version: "1"
database: { name: directus }
tiers:
  - { id: 10_items, apply: items.sql, rollback: rollback.sql }
  - { id: ${INDEXED}, apply: indexed.sql, rollback: rollback.sql, transaction: false, lockTimeout: 100ms }
`,
  'items.sql': `create table shop_item (item text not null, cents integer not null);
insert into shop_item values ('bread', 300), ('salt', 50);
create materialized view shop_price as select item, sum(cents) as cents from shop_item group by item;
create unique index shop_price_item on shop_price (item);
`,
  'indexed.sql': `create unique index concurrently shop_item_once on shop_item (item);
create index concurrently shop_item_cents on shop_item (cents);
refresh materialized view concurrently shop_price;
vacuum (analyze) shop_item;
`,
  'rollback.sql': `-- one-roof: rollback 10_items
drop materialized view shop_price;
drop table shop_item;
-- one-roof: rollback ${INDEXED}
drop index concurrently if exists shop_item_cents;
drop index concurrently if exists shop_item_once;
`,
};

describe('a tier outside transactions', () => {
  let world: World;
  let folder: string;

  beforeAll(async () => {
    world = await startWorld(0.01);
    folder = await packageOf(FILES);
  });

  afterAll(async () => {
    await world.end();
  });

  it('is rehearsed: applied, rolled back exactly, applied again', async () => {
    await expect(rehearse(world, folder)).resolves.toMatchObject({
      outcome: 'rehearsed',
      tiers: [
        { id: '10_items', outcome: 'applied', rollback: 'identical' },
        { id: INDEXED, outcome: 'applied', statements: 4, rollback: 'identical' },
      ],
      mutations: { source: 0 },
      clonesLeft: [],
    });
  });

  it('is released though its worker is killed while an index waits for an old transaction', async () => {
    await greenfield(world.state, 'approved');
    await withClient(superuserUrl(world.state, 'directus'), async (old) => {
      await old.query('begin isolation level repeatable read; select 1');
      const release = await startApproved(world, folder);
      await statementAtWork(world, {
        application: attemptAt(INDEXED),
        database: /^directus$/,
        query: /^create unique/,
      });
      await world.kill('worker');
      await world.revive();
      await statementAtWork(world, {
        application: attemptAt(INDEXED),
        database: /^directus$/,
        query: /index/,
      });
      await old.query('commit');
      await expect(releaseOutcome(release)).resolves.toMatchObject({
        outcome: 'released',
        tiers: [
          { id: '10_items', outcome: 'applied' },
          { id: INDEXED, outcome: 'applied' },
        ],
      });
    });
    expect(
      await superuser(
        world.state,
        `select indexrelid::regclass::text as index, indisvalid as valid from pg_index where indrelid = 'shop_item'::regclass order by 1`,
      ),
    ).toEqual([
      { index: 'shop_item_cents', valid: true },
      { index: 'shop_item_once', valid: true },
    ]);
  });

  it('is rolled back, what an index left too, where production has rows that the clone had not', async () => {
    await greenfield(world.state, 'approved');
    const twice = `insert into shop_item select 'bread', 301 where current_database() = 'directus';\n`;
    const other = await packageOf({ ...FILES, 'items.sql': `${FILES['items.sql']}${twice}` });
    await expect(rehearse(world, other)).resolves.toMatchObject({ outcome: 'rehearsed' });
    await expect(releaseOutcome(await startApproved(world, other))).resolves.toMatchObject({
      outcome: 'rolled back',
      rolledBack: true,
      error: { code: 'STATEMENT_FAILED', message: containing('indexed.sql:1:1 statement 1') },
      tiers: [
        { id: '10_items', outcome: 'rolled back' },
        { id: INDEXED, outcome: 'rolled back' },
      ],
    });
    expect(await superuser(world.state, `select relname from pg_class where relname like 'shop_%'`)).toEqual(
      [],
    );
  });
});
