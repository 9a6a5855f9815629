import { isJudgedByItsArgument } from '../../../read-channel/arguments';
import { pinned } from './pinned';
import { isListedFunction } from './rule';
import type { Rule } from './rule';

/**
 * Functions by name: none outside pg_catalog may be within reach, whichever the arguments would choose. One with the very argument types
 * of one that comes before it in the search path is never chosen, unless defaults, variadic arguments or named ones blur that.
 */
export const CALLS: Rule = {
  name: 'call',
  about: ['functions'],
  permits: () => false,
  sql: {
    code: pinned`
select 'call', c.location, pg_catalog.quote_ident(c.name), null, null, p.oid
  from asked a, pg_catalog.jsonb_to_recordset(a.names -> 'functions') c(schema pg_catalog.text, name pg_catalog.text, location pg_catalog.int4, "byNames" pg_catalog.bool)
  join pg_catalog.pg_proc p on p.proname = c.name::pg_catalog.name and p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
 where n.nspname = c.schema::pg_catalog.name
    or (c.schema is null and exists (select from path where path.oid = n.oid)
        and (pg_catalog.pg_function_is_visible(p.oid) or p.pronargdefaults <> 0 or p.provariadic <> 0::pg_catalog.oid or c."byNames"))`,
  },
  words: ({ subject, code }) => ({
    construct: `function ${subject}`,
    reason: `${code} would be reachable too, and it is not opened`,
    instead: `pg_catalog.${subject}(…)`,
  }),
};

/** Operators by name, the same; they have neither defaults nor names. */
export const OPERATORS: Rule = {
  name: 'operator',
  about: ['operators'],
  permits: isListedFunction,
  sql: {
    code: pinned`
select 'operator', o.location, o.name,
       pg_catalog.format('%I.%s (%s, %s)', n.nspname, p.oprname, pg_catalog.format_type(p.oprleft, null), pg_catalog.format_type(p.oprright, null)),
       null, p.oprcode::pg_catalog.oid
  from asked a, pg_catalog.jsonb_to_recordset(a.names -> 'operators') o(schema pg_catalog.text, name pg_catalog.text, location pg_catalog.int4)
  join pg_catalog.pg_operator p on p.oprname = o.name::pg_catalog.name and p.oprnamespace <> 'pg_catalog'::pg_catalog.regnamespace
  join pg_catalog.pg_namespace n on n.oid = p.oprnamespace
 where n.nspname = o.schema::pg_catalog.name
    or (o.schema is null and exists (select from path where path.oid = n.oid) and pg_catalog.pg_operator_is_visible(p.oid))`,
  },
  words: ({ subject, detail, code }) => ({
    construct: `operator ${subject}`,
    reason: `${detail} would be reachable, and it calls ${code}`,
    instead: `OPERATOR(pg_catalog.${subject}), where pg_catalog has one`,
  }),
};

/**
 * `a.f` and `(x).f` are columns, or else functions of one argument: `x.pg_sleep` calls it. Safe is what names a relation's own column
 * under the one alias that nothing else bears; and such an alias is an argument for functions of rows alone, of composite, record and
 * polymorphic types, and of domains over rows.
 */
export const FIELDS: Rule = {
  name: 'field',
  about: ['fields'],
  permits: (found) => isListedFunction(found) && !isJudgedByItsArgument(found.builtin ?? ''),
  sql: {
    code: pinned`
select 'field', g.location, pg_catalog.quote_ident(g.name), null, null, p.oid
  from field g
  join pg_catalog.pg_proc p on p.proname = g.name::pg_catalog.name
   and p.pronargs <> 0 and (p.pronargs <= 1 or p.provariadic <> 0::pg_catalog.oid or p.pronargdefaults <> 0)
  join path on path.oid = p.pronamespace
 where not exists (
         select from relation r
          where r.alias = g.of and r.bearers = 1 and p.provariadic = 0::pg_catalog.oid
            and p.proargtypes[0] <> all ('{2249,2276,2283,2776,5077,5080}'::pg_catalog.oid[]) and not exists (
              select from pg_catalog.pg_type t where t.oid = p.proargtypes[0] and t.typtype = any ('{c,d}'::"char"[])))`,
  },
  words: ({ subject, code }) => ({
    construct: `field ${subject}`,
    reason: `where it is no column, it calls ${code}`,
    instead: `\`ALIAS.${subject}\`, with an alias that one table alone bears and that has such a column`,
  }),
};
