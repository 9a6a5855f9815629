import { pinned } from './pinned';
import type { Found, Rule } from './rule';

/**
 * What the planner computes by itself: it folds calls of immutable functions on constants, and opens functions in SQL to do so, in the
 * expressions of indexes, of their conditions, of statistics and of partition keys; whoever only reads the table runs them. Checks of
 * tables are left alone by `constraint_exclusion = off`, with which we read.
 */
export const PLANNED: Rule = {
  name: 'planned',
  about: ['relations'],
  permits: ({ builtin, tree, detail }: Found) =>
    builtin !== null || (tree !== null && !isFolded(tree, detail)),
  sql: {
    code: pinned`
select distinct 'planned', t.location, t.name,
       pg_catalog.concat(p.oid, case when l.lanname = 'sql' and not p.prosecdef then ' sql' end), t.tree, p.oid
  from (select w.location, w.name, trees.tree, code.id[1]::pg_catalog.oid as oid
          from walked w,
               lateral (
                 select pg_catalog.concat(i.indexprs::pg_catalog.text, i.indpred::pg_catalog.text) as tree
                   from pg_catalog.pg_index i where i.indrelid = w.oid
                 union all
                 select s.stxexprs::pg_catalog.text from pg_catalog.pg_statistic_ext s where s.stxrelid = w.oid
                 union all
                 select k.partexprs::pg_catalog.text from pg_catalog.pg_partitioned_table k where k.partrelid = w.oid) trees,
               lateral pg_catalog.regexp_matches(trees.tree, ':(?:funcid|opfuncid) ([0-9]+)', 'g') code(id)
         where w.relkind = any ('{r,p,m}'::"char"[])) t
  join pg_catalog.pg_proc p on p.oid = t.oid and p.oid >= 16384::pg_catalog.oid
  join pg_catalog.pg_language l on l.oid = p.prolang`,
  },
  words: ({ subject, code }) => ({
    construct: `relation ${subject}`,
    reason: `to plan a read of it, the server may run ${code}, which an index, statistics or its partitions use`,
    instead: 'another relation; or open the function in the target’s readChannel, where it only reads',
  }),
};

/** A call on nothing but constants; one in SQL may hold such calls in its own text. */
function isFolded(tree: string, detail: string): boolean {
  const [oid = '', language] = detail.split(' ');
  if (language === 'sql') return true;
  const calls = [...tree.matchAll(new RegExp(`\\{[A-Z]+(?: :opno \\d+)? :(?:funcid|opfuncid) ${oid} `, 'g'))];
  return calls.length === 0 || calls.some(({ index }) => !nodeAt(tree, index).includes('{VAR '));
}

/** The node that begins there, to its closing brace; what people have named is escaped, so that its braces do not count. */
function nodeAt(tree: string, from: number): string {
  let depth = 0;
  for (let at = from; at < tree.length; at++) {
    if (tree[at] === '\\') at++;
    else if (tree[at] === '{') depth++;
    else if (tree[at] === '}' && --depth === 0) return tree.slice(from, at + 1);
  }
  return tree.slice(from);
}
