import { isFields } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { parseSql } from '../grammar/parser';

/** What is wrong with the expression of a mask rule; undefined: it is one expression and nothing beside it. */
export async function faultOfExpression(sql: string): Promise<string | undefined> {
  const parsed = await parseSql(`select (\n${sql}\n)`);
  if (parsed.verdict === 'not SQL') return parsed.message;
  if (parsed.verdict === 'too deep') return 'it is too deep to be read';
  const [statement, second] = parsed.statements;
  const select = isFields(statement?.tree) ? statement.tree['SelectStmt'] : undefined;
  if (second !== undefined || !isFields(select) || !isOneValue(select))
    return 'it is more than one expression';
  return undefined;
}

/** Brackets that close what they did not open would let a clause follow. */
function isOneValue(select: Fields): boolean {
  const said = Object.keys(select).filter((key) => !['limitOption', 'op'].includes(key));
  const targets = select['targetList'];
  return (
    said.join() === 'targetList' &&
    select['op'] === 'SETOP_NONE' &&
    Array.isArray(targets) &&
    targets.length === 1
  );
}
