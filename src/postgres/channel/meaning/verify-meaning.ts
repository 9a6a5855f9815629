import { createHash, randomBytes } from 'node:crypto';
import { refusedRead } from '../../../read-channel/refusal';
import type { NamesUsed } from '../../../read-channel/permitted-read';
import type { Question } from '../question';
import type { Session } from '../../session';
import { CALLS, FIELDS, OPERATORS } from './calls';
import { GROUND, IS_IN_THE_WAY, TRUSTED_EXTENSIONS } from './ground';
import { pinned } from './pinned';
import { PLANNED } from './planned';
import { CATALOGS, RELATIONS, RELATIONS_GROUND, TREES } from './relations';
import type { Found, Rule } from './rule';
import { CASTS, ORDERS, RANGES, TYPES, TYPES_GROUND } from './value-types';

const RULES: readonly Rule[] = [
  CALLS,
  OPERATORS,
  TYPES,
  CASTS,
  RANGES,
  ORDERS,
  FIELDS,
  RELATIONS,
  CATALOGS,
  TREES,
  PLANNED,
];

/** Only the rules that have something to ask about: the server plans anew what a fresh session is asked. */
function questionOf(names: NamesUsed): string {
  const rules = RULES.filter(({ about }) => about.some((kind) => names[kind].length > 0));
  const code = rules.flatMap(({ sql }) => ('code' in sql ? [sql.code] : []));
  const bare = rules.flatMap(({ sql }) => ('bare' in sql ? [sql.bare] : []));
  return pinned`with ${[GROUND, RELATIONS_GROUND, TYPES_GROUND].join(',')},
code(rule, location, subject, detail, tree, oid) as materialized (${[NO_CODE, ...code].join('\nunion all\n')})
select c.rule, c.location, c.subject, c.detail, c.tree, f.code, f.builtin
  from code c,
       lateral (select pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)) as code,
                       case when n.nspname = 'pg_catalog' then p.proname::pg_catalog.text end as builtin
                  from asked a, pg_catalog.pg_proc p
                  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                 where p.oid = c.oid and ${IS_IN_THE_WAY} offset 0) f
union all
select b.rule, b.location, b.subject, b.detail, null, null, b.builtin
  from (${[NOTHING_BARE, ...bare].join('\nunion all\n')}) b(rule, location, subject, detail, builtin)`;
}

const NO_CODE = `select null::pg_catalog.text, null::pg_catalog.int4, null::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.oid where false`;
const NOTHING_BARE = `select null::pg_catalog.text, null::pg_catalog.int4, null::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.text where false`;

/**
 * Asks the database what the names of a read mean, in the transaction in which it will run. One question: what the names reach is looked
 * up in the catalog alone, and nothing of it runs.
 * @throws QUERY_REFUSED, layer `names`, for the first one that reaches code or data that is not permitted
 */
export async function verifyMeaning(
  session: Session,
  { read, opened }: Question,
  path = 'query',
): Promise<void> {
  const values = [JSON.stringify(read.names), opened.functions, TRUSTED_EXTENSIONS];
  const question = questionOf(read.names);
  const { rows } = await session.query(question, values, { name: nameOf(question) });
  const found = rows.map(foundIn);
  const refusals = RULES.flatMap(({ name, permits, words }) =>
    found
      .filter((each) => each.rule === name && !permits(each))
      .map((each) => ({ layer: 'names', location: each.location, ...words(each) }) as const),
  );
  const [first] = refusals.sort((one, other) => one.location - other.location);
  if (first !== undefined) throw refusedRead(read.text, first, path);
}

/** Most of the time goes into planning; nobody else can have prepared another statement under such a name. */
function nameOf(question: string): string {
  return `one_roof_${PROCESS}_${createHash('sha256').update(question).digest('hex').slice(0, 16)}`;
}

const PROCESS = randomBytes(8).toString('hex');

function foundIn(row: Readonly<Record<string, unknown>>): Found {
  const textOf = (column: string): string | null => {
    const value = row[column];
    return typeof value === 'string' ? value : null;
  };
  return {
    rule: textOf('rule') ?? '',
    location: Number(row['location']),
    subject: textOf('subject') ?? '',
    detail: textOf('detail') ?? '',
    code: textOf('code') ?? '',
    builtin: textOf('builtin'),
    tree: textOf('tree'),
  };
}
