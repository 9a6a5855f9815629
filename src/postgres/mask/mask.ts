import { FAILURES } from '../../core/rules/failures';
import { ReleaseError } from '../../core/rules/release-error';
import { nameOf } from '../../core/rules/resolve-masking';
import type { MaskedTable } from '../../core/rules/resolve-masking';
import type { MaskedColumn, MaskRule } from '../../core/schema/masking';
import { asReleaseError } from '../errors';
import { within } from '../golden/registry';
import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';
import { TREE, withQuietTriggers } from './quiet-triggers';
import { untilAlone } from './until-alone';

type Relation = Pick<MaskedTable, 'schema' | 'table'>;

/** What was masked, in the clone itself: written in the transaction that masks, so that no attempt masks a table twice. */
const RECORD = `
create schema if not exists one_roof;
create table if not exists one_roof.masked (
  column_name text primary key,
  table_name text not null,
  rows_changed bigint not null,
  masked_at timestamptz not null default clock_timestamp()
);`;

/**
 * Masks a restored database, a transaction a table; then what still holds the old values (dead rows, what was derived from
 * them, statistics) is made anew. May run again after a kill at any point.
 * @throws MASK_FAILED naming the columns, with the server's words or the rows that kept their value
 */
export async function maskTables(
  session: Session,
  tables: readonly MaskedTable[],
  onProgress: (done: number) => void,
): Promise<readonly MaskedColumn[]> {
  await session.client.query(RECORD);
  let done = 0;
  for (const table of tables) {
    await maskTable(session, table);
    onProgress(++done);
  }
  await refreshDerived(session, tables);
  const changed = [...tables, ...(await followersOf(session, tables))];
  for (const table of changed) await rewrite(session, table);
  await untilAlone(session);
  await session.query('vacuum (full) pg_catalog.pg_statistic');
  const masked = await session.query(
    'select column_name as "column", rows_changed::int as rows from one_roof.masked order by 1',
  );
  return masked.rows.map((row) => ({ column: String(row['column']), rows: Number(row['rows']) }));
}

async function maskTable(session: Session, table: MaskedTable): Promise<void> {
  const name = relation(table);
  const columns = table.columns.map(({ column }) => nameOf({ ...table, column }));
  try {
    await within(session, async () => {
      const known = await session.query('select from one_roof.masked where table_name = $1', [name]);
      if (known.rowCount !== 0) return; // an attempt that died has done it
      const answer = await withQuietTriggers(session, name, () => session.query(updateOf(table)));
      await session.query('set constraints all immediate');
      const counts = answer.rows[0] ?? {};
      verifyChanged(table, counts);
      for (const column of columns)
        await session.query(
          'insert into one_roof.masked (column_name, table_name, rows_changed) values ($1, $2, $3)',
          [column, name, counts['rows']],
        );
    });
  } catch (error) {
    throw failed(columns, error);
  }
}

/** Old and new value side by side in one statement: the server itself counts the rows that kept theirs. */
function updateOf(table: MaskedTable): string {
  const name = relation(table);
  const columns = table.columns.map(({ column, rule }, index) => ({
    column: quoteIdentifier(column),
    old: `one_roof_${index}`,
    rule,
  }));
  const same = ({ column, old }: (typeof columns)[number]): string =>
    `${name}.${column}::text collate "C" is not distinct from ${old}::text collate "C"`;
  return `with changed as (
    update ${name} set ${columns.map(({ column, rule }) => `${column} = ${expressionOf(rule)}`).join(', ')}
      from (select tableoid as one_roof_table, ctid as one_roof_row, ${columns.map(({ column, old }) => `${column} as ${old}`).join(', ')} from ${name}) one_roof_before
     where ${name}.tableoid = one_roof_table and ${name}.ctid = one_roof_row
    returning ${columns.map((each) => `${each.old} is not null as had_${each.old}, ${each.old} is not null and ${same(each)} as kept_${each.old}`).join(', ')})
  select pg_catalog.count(*) as rows, ${columns.map(({ old }) => `pg_catalog.count(*) filter (where had_${old}) as had_${old}, pg_catalog.count(*) filter (where kept_${old}) as kept_${old}`).join(', ')} from changed`;
}

/** On lines of its own: a comment in it ends with it. That it is one expression was seen before. */
function expressionOf(rule: MaskRule): string {
  return rule === 'null' ? 'null' : `(\n${rule.sql}\n)`;
}

/** @throws MASK_FAILED where a value came through */
function verifyChanged(table: MaskedTable, counts: Readonly<Record<string, unknown>>): void {
  const through = table.columns.flatMap(({ column, rule }, index) => {
    const [had, kept] = [Number(counts[`had_one_roof_${index}`]), Number(counts[`kept_one_roof_${index}`])];
    const mayKeep = rule !== 'null' && rule.mayKeep !== undefined;
    if (kept === 0 || (mayKeep && kept < had)) return [];
    return [`${nameOf({ ...table, column })}: ${kept} of ${had} values are what they were`];
  });
  if (through.length > 0) throw new ReleaseError('MASK_FAILED', through.join('; '));
}

/**
 * All materialized views, the lower ones first: they are copies of what a masked table held, and one that reads it within a
 * function does not say so in the catalog.
 */
async function refreshDerived(session: Session, tables: readonly MaskedTable[]): Promise<void> {
  const found = await session.query(
    `with recursive derived as (
       select c.oid, c.relkind, 0 as depth from pg_catalog.pg_class c where c.oid = any ($1::regclass[])
       union select v.oid, v.relkind, d.depth + 1
         from derived d join pg_catalog.pg_depend p on p.refobjid = d.oid and p.refclassid = 'pg_class'::regclass and p.classid = 'pg_rewrite'::regclass
         join pg_catalog.pg_rewrite r on r.oid = p.objid join pg_catalog.pg_class v on v.oid = r.ev_class and v.oid <> d.oid
        where d.depth < 100)
     select c.oid::regclass::text as name from pg_catalog.pg_class c left join derived d on d.oid = c.oid
      where c.relkind = 'm' and c.relispopulated group by c.oid order by coalesce(max(d.depth), 0), c.oid`,
    [await treesOf(session, tables)],
  );
  for (const row of found.rows) {
    await session.query(`refresh materialized view ${String(row['name'])}`);
    await session.query(`analyze ${String(row['name'])}`);
  }
}

/** Dead rows hold the old values until the files are written anew; statistics hold the most common ones. */
async function rewrite(session: Session, table: Relation): Promise<void> {
  for (const name of await treesOf(session, [table])) {
    await untilAlone(session);
    await session.query(`vacuum (full, analyze) ${name}`);
  }
}

/** Tables whose foreign keys follow a masked one were changed with it, by the server itself. */
async function followersOf(session: Session, tables: readonly MaskedTable[]): Promise<readonly Relation[]> {
  const found = await session.query(
    `with recursive follower as (
       select pg_catalog.unnest($1::regclass[])::oid as oid
       union select c.conrelid from follower f join pg_catalog.pg_constraint c on c.confrelid = f.oid
        where c.contype = 'f' and c.confupdtype not in ('a', 'r'))
     select n.nspname as schema, c.relname as "table" from follower f
       join pg_catalog.pg_class c on c.oid = f.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where f.oid <> all ($1::regclass[]) order by f.oid`,
    [await treesOf(session, tables)],
  );
  return found.rows.map((row) => ({ schema: String(row['schema']), table: String(row['table']) }));
}

async function treesOf(session: Session, tables: readonly Relation[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const table of tables) {
    const found = await session.query(`${TREE} select distinct oid::regclass::text as name from tree`, [
      relation(table),
    ]);
    names.push(...found.rows.map((row) => String(row['name'])));
  }
  return names;
}

function relation({ schema, table }: Relation): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/** The server speaks of what is written in the rule; what a function in it raises, and where, may hold a row. */
const OF_THE_RULE = /^(22|23|42|44)/;

/** A lost session is tried again; whatever else the server says, it says of these columns. */
function failed(columns: readonly string[], error: unknown): ReleaseError {
  const told = asReleaseError(error);
  if (told.code === 'MASK_FAILED' || told.code === 'ABORTED' || FAILURES[told.code].retryable) return told;
  const state = String(told.details['sqlstate']);
  const words = OF_THE_RULE.test(state)
    ? told.message
    : `SQLSTATE ${state}; the server's words may quote a row`;
  return new ReleaseError('MASK_FAILED', `${columns.join(', ')}: ${words}`, { details: told.details });
}
