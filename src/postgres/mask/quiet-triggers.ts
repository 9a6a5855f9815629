import { ReleaseError } from '../../core/rules/release-error';
import { quoteIdentifier } from '../one-roof-schema';
import type { Session } from '../session';

const HOW: Readonly<Record<string, string>> = {
  O: 'enable',
  A: 'enable always',
  R: 'enable replica',
  D: 'disable',
};

/** A table with its partitions and children, the parents first. */
export const TREE = `with recursive tree as (
  select $1::regclass::oid as oid, 0 as depth
  union all select i.inhrelid, t.depth + 1 from tree t join pg_catalog.pg_inherits i on i.inhparent = t.oid)`;

/**
 * Runs work, within a transaction, while no trigger of users' fires on a table: one that keeps a history would write the
 * old values elsewhere. The triggers of foreign keys still do. Each gets back the state that it had.
 * @throws MASK_FAILED where a rewrite rule would do the same
 */
export async function withQuietTriggers<T>(
  session: Session,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const rules = await session.query(
    `${TREE} select r.rulename from tree join pg_catalog.pg_rewrite r on r.ev_class = tree.oid
      where r.ev_type = '2' and r.ev_enabled <> 'D'`,
    [table],
  );
  if (rules.rows[0] !== undefined)
    throw new ReleaseError(
      'MASK_FAILED',
      `${table} has the rewrite rule ${String(rules.rows[0]['rulename'])} on update`,
    );
  const triggers = await session.query(
    `${TREE} select tree.oid::regclass::text as "table", g.tgname as name, g.tgenabled::text as state
       from tree join pg_catalog.pg_trigger g on g.tgrelid = tree.oid
      where not g.tgisinternal order by tree.depth, 1, 2`,
    [table],
  );
  const set = async (stateOf: (state: string) => string): Promise<void> => {
    for (const row of triggers.rows)
      await session.query(
        `alter table ${String(row['table'])} ${HOW[stateOf(String(row['state']))] ?? 'disable'} trigger ${quoteIdentifier(String(row['name']))}`,
      );
  };
  await set(() => 'D');
  const result = await work();
  await set((state) => state);
  return result;
}
