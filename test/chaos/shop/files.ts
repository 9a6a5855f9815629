const TIERS_1 = `
  - id: 10_labels
    apply: tiers/10_labels.sql
    rollback: rollback.sql
    expect: { labels: 1 }
    lockTimeout: 500ms
  - id: 20_prices
    apply: tiers/20_prices.sql
    rollback: rollback.sql
    inert: [labels]
    lockTimeout: 500ms
`;

const TIERS_2 = `${TIERS_1.trimEnd()}
  - id: 30_column
    apply: tiers/30_column.sql
    rollback: rollback.sql
    repeatable: true
    lockTimeout: 500ms
  - id: 32_stock
    apply: tiers/32_stock.sql
    rollback: rollback.sql
    batch: { table: public.shop_stock, key: id, size: 100 }
    lockTimeout: 500ms
  - id: 34_index
    apply: tiers/34_index.sql
    rollback: rollback.sql
    transaction: false
    lockTimeout: 500ms
  - id: 40_unique
    apply: tiers/40_unique.sql
    rollback: rollback.sql
    lockTimeout: 500ms
`;

const COMMON = {
  'checks/preflight.sql': `select 'the shop is there' as check, count(*) > 0 as ok, '' as detail from shop_item;\n`,
  'checks/verify.sql': `select 'every label has a text' as check, count(*) = 0 as ok, '' as detail
  from shop_label where label = '';\n`,
  'checks/probe.sql': `select 'labels' as metric, count(*)::int as value from pg_class where relname = 'shop_label';\n`,
  'tiers/10_labels.sql': `create table shop_label (label text not null);
insert into shop_label values ('new'), ('used'), ('rare');\n`,
  'tiers/20_prices.sql': `update shop_item set price = price + 1;
insert into shop_note values ('prices raised');
select pg_sleep(0.25);\n`,
  'tiers/30_column.sql': `alter table shop_item add column if not exists label text;
update shop_item set label = 'new' where label is null;\n`,
  'tiers/32_stock.sql': `update shop_stock set n = n + 1 where id between $1 and $2;\n`,
  'tiers/34_index.sql': `create index concurrently shop_stock_n on shop_stock (n);\n`,
  'tiers/40_unique.sql': `create unique index shop_item_name on shop_item (name);\n`,
};

const ROLLBACK_1 = `-- one-roof: rollback 10_labels
drop table shop_label;
-- one-roof: rollback 20_prices
delete from shop_note where note = 'prices raised';
update shop_item set price = price - 1;
`;

const ROLLBACK_2 = `${ROLLBACK_1}-- one-roof: rollback 30_column
alter table shop_item drop column label;
-- one-roof: rollback 32_stock
update shop_stock set n = n - 1 where id between $1 and $2;
-- one-roof: rollback 34_index
drop index concurrently if exists shop_stock_n;
-- one-roof: rollback 40_unique
drop index shop_item_name;
`;

function descriptor(version: string, tiers: string): string {
  return `name: shop
version: "${version}"
database: { name: shop }
preflight: checks/preflight.sql
tiers:${tiers}verify: checks/verify.sql
baseline:
  probe: checks/probe.sql
  metrics:
    labels: { entry: 0, exit: 1 }
`;
}

const TIER_OF_1 = /^(checks\/|tiers\/[12]0_)/;
const FIRST = Object.fromEntries(Object.entries(COMMON).filter(([path]) => TIER_OF_1.test(path)));

/** The package under fire, by version: 1 applies two tiers, 2 two more. */
export const SHOP_FILES = {
  '1': { ...FIRST, 'rollback.sql': ROLLBACK_1, 'release.yaml': descriptor('1', TIERS_1) },
  '2': {
    ...COMMON,
    'rollback.sql': ROLLBACK_2,
    'release.yaml': descriptor('2', TIERS_2),
  },
} satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A tier, and how often its effect is there: once or not at all, anything else is a violation. */
export interface TierOfShop {
  readonly id: string;
  readonly effect: string;
}

export const SHOP_TIERS: readonly TierOfShop[] = [
  {
    id: '10_labels',
    effect: `select count(*)::int as times from pg_class where relname = 'shop_label'`,
  },
  {
    id: '20_prices',
    effect: `select case when count(distinct times) = 1 then min(times) else -1 end as times from (
               select price - first_price as times from shop_item
               union all select count(*)::int from shop_note where note = 'prices raised') each`,
  },
  {
    id: '30_column',
    effect: `select count(*)::int as times from pg_attribute
              where attrelid = 'shop_item'::regclass and attname = 'label' and not attisdropped`,
  },
  {
    id: '32_stock',
    effect: `select case when count(distinct n - first_n) = 1 then min(n - first_n) else -1 end as times from shop_stock`,
  },
  {
    id: '34_index',
    effect: `select case when count(*) = 0 then 0 when bool_and(indisvalid) then count(*)::int else -1 end as times
               from pg_index where indexrelid = to_regclass('shop_stock_n')
                 or indrelid = 'shop_stock'::regclass and not indisvalid`,
  },
  {
    id: '40_unique',
    effect: `select count(*)::int as times from pg_class where relname = 'shop_item_name'`,
  },
];

/** What was there before One-Roof came. */
export const SHOP_SQL = `
create table shop_item (id int primary key, name text not null, price int not null, first_price int not null);
insert into shop_item select n, 'item ' || n, n, n from generate_series(1, 300) n;
create table shop_note (note text not null);
insert into shop_note values ('opened');
create table shop_stock (id int primary key, n int not null, first_n int not null);
insert into shop_stock select n, n, n from generate_series(1, 500) n;
create table shop_gate (open boolean not null);
create role shop_owner nologin;
alter table shop_item owner to shop_owner;
alter table shop_note owner to shop_owner;
alter table shop_stock owner to shop_owner;
`;

/** After the SQL that creates One-Roof's roles. */
export const SHOP_GRANTS = `
grant shop_owner to one_roof_executor;
grant usage on schema public to one_roof_reader, one_roof_cloner, one_roof_executor;
grant create on schema public to one_roof_executor, shop_owner;
grant select on all tables in schema public to one_roof_reader, one_roof_cloner, one_roof_executor;
alter default privileges for role one_roof_executor grant select on tables to one_roof_reader, one_roof_cloner;
`;

/** The approvals application opens the gate; an intruder makes the last tier fail, as no rehearsal could know. */
export const OPEN_GATE = 'insert into shop_gate values (true)';
export const INTRUDE =
  'insert into shop_item select 999, name, price, first_price from shop_item where id = 1';
