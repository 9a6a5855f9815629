import { ReleaseError } from '../../core/rules/release-error';
import type { AttemptWork } from '../attempt-work';
import { asReleaseError } from '../errors';
import type { Session } from '../session';
import type { KeyColumn } from './key-column';

const PREPARE = 'prepare one_roof_bounds as ';

/**
 * Does the statement take its bounds in the key's own type? In another one ranges could be ordered otherwise: rows would be met
 * twice, or never. The server says it without running the statement.
 * @throws STATEMENT_FAILED
 */
export async function verifyBoundsType(session: Session, work: AttemptWork, key: KeyColumn): Promise<void> {
  const { file, statements } = work;
  const [statement] = statements;
  if (statement === undefined) throw new ReleaseError('INTERNAL', `${file} holds no statement`);
  const { column, text } = statement;
  try {
    await session.query(`${PREPARE}${text}`);
  } catch (error) {
    const shifted = { ...statement, column: column - PREPARE.length, text: `${PREPARE}${text}` };
    throw asReleaseError(error, { file, ...shifted });
  }
  const answer = await session.query(
    `select parameter_types::text[] as types, ($1::text)::regtype::text as key from pg_catalog.pg_prepared_statements
      where name = 'one_roof_bounds'`,
    [key.type],
  );
  await session.query('deallocate one_roof_bounds');
  const { types, key: own } = answer.rows[0] ?? {};
  const other = Array.isArray(types)
    ? types.map(String).find((type) => plain(type) !== plain(own))
    : 'unknown';
  if (other === undefined) return;
  throw new ReleaseError(
    'STATEMENT_FAILED',
    `${file}:${statement.line}: it takes its bounds as ${other}, the key ${key.table}.${key.key} is ${key.type}`,
    { hint: 'Compare the key itself with $1 and $2, or a column of the same type.' },
  );
}

/** `varchar` has no comparison of its own: it is compared as text. */
function plain(type: unknown): string {
  return type === 'character varying' ? 'text' : String(type);
}
