import { pinned } from './pinned';
import type { Found, Rule } from './rule';

/**
 * What the planner computes by itself: it folds calls of immutable functions on constants, and opens functions in SQL to do so, in the
 * expressions of indexes, of their conditions, of statistics and of partition keys; whoever only reads the table runs them. Checks of
 * tables are left alone by `constraint_exclusion = off`, with which we read.
 */
export const PLANNED: Rule = {
  name: 'planned',
  permits: ({ subject, tree }: Found) => tree !== null && !isFolded(tree, subject),
  sql: pinned`
select 'planned', t.location, pg_catalog.concat(case when p.prolang = l.oid and not p.prosecdef then 'sql' else 'other' end, ' ', f.oid, ' ', f.signature), t.label, null, t.tree
  from (select distinct w.location, w.name as label, trees.tree, code.id[1]::pg_catalog.oid as oid
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
  join foreign_function f on f.oid = t.oid
  join pg_catalog.pg_proc p on p.oid = f.oid
  join pg_catalog.pg_language l on l.lanname = 'sql'`,
  words: ({ subject, detail }) => ({
    construct: `relation ${detail}`,
    reason: `to plan a read of it, the server may run ${subject.split(' ').slice(2).join(' ')}, which an index, statistics or its partitions use`,
    instead: 'another table; or open the function in the target’s readChannel',
  }),
};

/** A call on nothing but constants; one in SQL may hold such calls in its own text. */
function isFolded(tree: string, subject: string): boolean {
  const [language, oid = ''] = subject.split(' ');
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
