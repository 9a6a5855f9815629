const DESCRIPTOR = `name: shelves
version: "1"
database: { name: directus }
tiers:
  - { id: 10_shelf, apply: shelf.sql, rollback: rollback.sql, expect: { shelf_tables: 1 } }
  - { id: 20_width, apply: width.sql, rollback: rollback.sql }
  - { id: 30_height, apply: height.sql, rollback: rollback.sql }
verify: verify.sql
baseline:
  probe: probe.sql
  metrics:
    shelf_tables: { entry: 0, exit: 1 }
scopes:
  part:
    tiers: [10_shelf, 30_height]
    exit: { shelf_tables: 0 }
`;

/**
 * A package whose part speaks against itself twice: it moves a metric that its scope declares to stay, and applied before the
 * rest it leaves the columns in another order than the whole at once.
 */
export const SHELVES: Readonly<Record<string, string>> = {
  'release.yaml': DESCRIPTOR,
  'shelf.sql': 'create table shelf (name text primary key);\ngrant select on shelf to directus_app;\n',
  'width.sql': 'alter table shelf add column width integer;\n',
  'height.sql': 'alter table shelf add column height integer;\n',
  'verify.sql': `select 'the shelf is there' as "check", to_regclass('public.shelf') is not null as ok, '' as detail;\n`,
  'probe.sql': `select 'shelf_tables' as metric, count(*)::text as value from pg_class where relname = 'shelf' and relkind = 'r';\n`,
  'rollback.sql': `-- one-roof: rollback 10_shelf
drop table shelf;
-- one-roof: rollback 20_width
alter table shelf drop column width;
-- one-roof: rollback 30_height
alter table shelf drop column height;
`,
};
