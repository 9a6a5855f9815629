import type { SqlStatement } from '../../core/schema/statement';
import type { Session } from '../session';
import { quoted } from './object-name';

/** The materialized views that statements refresh, as `schema.view`: nothing else that converges changes rows. */
export async function readViews(session: Session, statements: readonly SqlStatement[]): Promise<string[]> {
  const names = statements.flatMap(({ step }) => (step?.kind === 'refresh' ? [quoted(step.view)] : []));
  if (names.length === 0) return [];
  const answer = await session.query(
    `select distinct pg_catalog.format('%I.%I', n.nspname, c.relname) as view
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid in (select pg_catalog.to_regclass(name) from pg_catalog.unnest($1::text[]) as name) order by 1`,
    [names],
  );
  return answer.rows.map((row) => String(row['view']));
}
