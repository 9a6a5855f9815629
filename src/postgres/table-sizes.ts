import type { Known } from './observed';
import type { Session } from './session';
import type { SqlStatement } from '../core/schema/statement';

/** What a statement names it names at its beginning; behind that come values. */
const READ_CHARACTERS = 20_000;

/** A table that somebody else holds exclusively is left out: to measure it would be to wait for them. */
const SIZES = `
with recursive named as (
  select unnest($1::pg_catalog.oid[]) as oid
  union select i.inhrelid from pg_catalog.pg_inherits i join named on named.oid = i.inhparent)
select c.oid::text, pg_catalog.pg_total_relation_size(c.oid)::text as size
  from named join pg_catalog.pg_class c on c.oid = named.oid
 where c.relkind in ('r', 'm')
   and not exists (select from pg_catalog.pg_locks l
                    where l.relation = c.oid and l.mode = 'AccessExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid())`;

/**
 * The bytes of the tables that statements name, and of their partitions, with indexes and TOAST, before any of them runs. What
 * they change without naming it, through a trigger for instance, is not in it.
 */
export async function readSizes(
  session: Session,
  known: ReadonlyMap<string, Known>,
  statements: readonly SqlStatement[],
): Promise<Map<string, number>> {
  const words = wordsOf(statements);
  const named = [...known]
    .filter(([, { name, kind }]) => words.has(name) && 'rmpiI'.includes(kind))
    .map(([oid, { of }]) => of ?? oid);
  if (named.length === 0) return new Map();
  const { rows } = await session.query(SIZES, [[...new Set(named)]]);
  return new Map(rows.map((row) => [String(row['oid']), Number(row['size'])]));
}

/** All that could be the name of a relation, as the server would fold it. */
function wordsOf(statements: readonly SqlStatement[]): ReadonlySet<string> {
  const texts = statements.map(({ text }) => text.slice(0, READ_CHARACTERS));
  const plain = texts.flatMap((text) => text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []);
  const quoted = texts.flatMap((text) => text.match(/"(?:[^"]|"")+"/g) ?? []);
  return new Set([...plain, ...quoted.map((word) => word.slice(1, -1).replaceAll('""', '"'))]);
}
