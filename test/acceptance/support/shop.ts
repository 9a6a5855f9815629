const TIERS_1 = `
  - id: 10_items
    apply: items.sql
    rollback: rollback.sql
  - id: 20_prices
    apply: prices.sql
    rollback: rollback.sql
`;
const TIERS_2 = `${TIERS_1.trimEnd()}
  - id: 30_labels
    apply: labels.sql
    rollback: rollback.sql
  - id: 40_unique
    apply: unique.sql
    rollback: rollback.sql
`;

const FILES = {
  'items.sql': `create table shop_item (item text not null);\ninsert into shop_item values ('bread');\n`,
  'prices.sql': `create table shop_price (item text not null, cents integer not null);\n`,
};

const ROLLBACK_1 = `-- one-roof: rollback 10_items
drop table shop_item;
-- one-roof: rollback 20_prices
drop table shop_price;
`;

/** A small package whose two tiers are applied and stay. */
export const SHOP_1: Readonly<Record<string, string>> = {
  ...FILES,
  'release.yaml': descriptor('1', TIERS_1),
  'rollback.sql': ROLLBACK_1,
};

/** Its second version: two more tiers, the last of which fails where an item stands twice. */
export const SHOP_2: Readonly<Record<string, string>> = {
  ...FILES,
  'release.yaml': descriptor('2', TIERS_2),
  'labels.sql': `create table shop_label (item text not null);\nalter table shop_item add column label text;\n`,
  'unique.sql': `create unique index shop_item_once on shop_item (item);\n`,
  'rollback.sql': `${ROLLBACK_1}-- one-roof: rollback 30_labels
alter table shop_item drop column label;
drop table shop_label;
-- one-roof: rollback 40_unique
drop index shop_item_once;
`,
};

function descriptor(version: string, tiers: string): string {
  return `name: shop\nversion: "${version}"\ndatabase: { name: directus }\ntiers:${tiers}`;
}
