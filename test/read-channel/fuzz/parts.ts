import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '../../support/database';
import { attacks, legitimate } from '../corpus';
import type { Parts } from './mutations';

/** Statements of the corpus that are no floods, and of PostgreSQL's own regression tests where a folder holds them; names of the database. */
export async function gatherParts(url: string, regression: string | undefined): Promise<Parts> {
  const own = [
    ...legitimate(),
    ...legitimate(),
    ...attacks().filter(({ category }) => !['dos', 'length'].includes(category)),
  ];
  const statements = [...own.map(({ text }) => text.toString()), ...regressionStatements(regression)];
  const list = async (sql: string): Promise<readonly string[]> =>
    await withClient(url, async (client) =>
      (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name),
    );
  return {
    statements,
    functions: await list(FUNCTIONS),
    types: await list(TYPES),
    relations: await list(RELATIONS),
    operators: await list(`select distinct oprname::text as name from pg_operator order by 1`),
    keywords: await list(`select upper(word) as name from pg_get_keywords() order by 1`),
    columns: await list(
      `select distinct quote_ident(attname) as name from pg_attribute where attnum > 0 and not attisdropped order by 1`,
    ),
  };
}

const FUNCTIONS = `
select distinct case when n.nspname = 'pg_catalog' then '' else quote_ident(n.nspname) || '.' end || quote_ident(proname) as name
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
union select quote_ident(proname) from pg_proc p where pronamespace = 'public'::regnamespace order by 1`;
const TYPES = `
select distinct format_type(oid, null) as name from pg_type where typtype <> 'p' and typname !~ '^_?pg_' order by 1`;
const RELATIONS = `
select c.oid::regclass::text as name from pg_class c where relkind in ('r', 'v', 'm', 'S') and relnamespace <> 'pg_toast'::regnamespace order by 1`;

/** Cut roughly, at semicolons that end a line: pieces of functions' bodies are statements too. */
export function regressionStatements(folder: string | undefined): readonly string[] {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/;[ \t]*(?:--.*)?\n/))
    .map((text) => text.trim())
    .filter((text) => text.length > 0 && text.length < 2_000);
}
