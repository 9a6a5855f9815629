import { refusedRead } from '../../../read-channel/refusal';
import type { Question } from '../question';
import type { Session } from '../../session';
import { CALLS, FIELDS, OPERATORS } from './calls';
import { GROUND, TRUSTED_EXTENSIONS } from './ground';
import { PLANNED } from './planned';
import { CATALOGS, RELATIONS, RELATIONS_GROUND, TREES } from './relations';
import type { Found, Rule } from './rule';
import { CASTS, RANGES, TYPES, TYPES_GROUND } from './types';

const RULES: readonly Rule[] = [
  CALLS,
  OPERATORS,
  TYPES,
  CASTS,
  RANGES,
  FIELDS,
  RELATIONS,
  CATALOGS,
  TREES,
  PLANNED,
];

const QUESTION = `with ${[GROUND, RELATIONS_GROUND, TYPES_GROUND].join(',')}
select q.rule, q.location, q.subject, q.detail, q.builtin, q.tree from (
${RULES.map(({ sql }) => sql.trim()).join('\nunion all\n')}) q(rule, location, subject, detail, builtin, tree)
 order by q.location`;

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
  for (const row of (await session.query(QUESTION, values)).rows) {
    const found = foundIn(row);
    const rule = RULES.find(({ name }) => name === found.rule);
    if (rule === undefined || rule.permits(found)) continue;
    throw refusedRead(read.text, { layer: 'names', location: found.location, ...rule.words(found) }, path);
  }
}

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
    builtin: textOf('builtin'),
    tree: textOf('tree'),
  };
}
