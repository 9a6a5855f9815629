import type { RawStatement } from '../grammar/parser';
import { entriesOf, isFields, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import type { Refusal } from './refusals';

/** What may be done range by range. */
const KINDS = ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'];

/** Their parameters are their own: they get their values when they are called. */
const HAS_OWN_PARAMETERS = ['CreateFunctionStmt', 'PrepareStmt'];

const SHAPE = '`column between $1 and $2`, or `column >= $1 and column <= $2`, without casts';

/** Why a statement outside a tier with `batch` has no values for its parameters, or nothing. */
export function strayParameterOf({ kind, tree, offset }: RawStatement): Refusal | undefined {
  if (HAS_OWN_PARAMETERS.includes(kind)) return undefined;
  for (const { key, value, location } of entriesOf(tree, offset)) {
    if (key === 'ParamRef' && isFields(value))
      return {
        reason: `parameter $${String(value['number'])}: only a tier with \`batch\` has parameters`,
        location,
      };
  }
  return undefined;
}

/**
 * Why a statement cannot be run range by range, or nothing: it must change rows, and use $1 and $2 as the inclusive bounds of
 * a plain column and as nothing else, so that ranges side by side meet each row once.
 */
export function boundsRefusalOf(statement: RawStatement): Refusal | undefined {
  const { kind, tree, offset } = statement;
  if (!KINDS.includes(kind) || insertsValues(kind, tree)) {
    const reason = `a tier with \`batch\` is one UPDATE, DELETE, MERGE or INSERT … SELECT; this is ${kind}`;
    return { reason, location: offset };
  }
  const bounds = new Map<unknown, number>();
  for (const { key, value } of entriesOf(tree, offset)) {
    if (key !== 'A_Expr' || !isFields(value)) continue;
    for (const [parameter, number] of boundsIn(value)) bounds.set(parameter, number);
  }
  const used = new Set<number>();
  for (const { key, value, location } of entriesOf(tree, offset)) {
    if (key !== 'ParamRef' || !isFields(value)) continue;
    const number = Number(value['number']);
    if (bounds.get(value) !== number)
      return { reason: `$${number}: $1 and $2 are the bounds of a key: ${SHAPE}`, location };
    used.add(number);
  }
  if (used.size === 2) return undefined;
  const reason = `a tier with \`batch\` runs for one range of keys after the other: it needs ${SHAPE}`;
  return { reason, location: offset };
}

/** The parameters that bound a column in one expression, each with the number that it must have there. */
function boundsIn({ kind, name, lexpr, rexpr }: Fields): readonly (readonly [unknown, number])[] {
  if (kind === 'AEXPR_BETWEEN' && isColumn(lexpr)) {
    const [lower, upper] = itemsOf(rexpr);
    return [[parameterOf(lower), 1] as const, [parameterOf(upper), 2] as const];
  }
  if (kind !== 'AEXPR_OP' || !Array.isArray(name) || name.length !== 1) return [];
  const operator = textOf(name[0]);
  if (operator !== '>=' && operator !== '<=') return [];
  if (isColumn(lexpr)) return [[parameterOf(rexpr), operator === '>=' ? 1 : 2]];
  return isColumn(rexpr) ? [[parameterOf(lexpr), operator === '<=' ? 1 : 2]] : [];
}

function insertsValues(kind: string, tree: unknown): boolean {
  if (kind !== 'InsertStmt') return false;
  const select = fieldOf(fieldOf(fieldOf(tree, 'InsertStmt'), 'selectStmt'), 'SelectStmt');
  return !isFields(select) || select['valuesLists'] !== undefined;
}

function isColumn(node: unknown): boolean {
  return fieldOf(node, 'ColumnRef') !== undefined;
}

function parameterOf(node: unknown): unknown {
  return fieldOf(node, 'ParamRef');
}

function itemsOf(node: unknown): readonly unknown[] {
  const items = fieldOf(fieldOf(node, 'List'), 'items');
  return Array.isArray(items) ? items : [];
}

function fieldOf(node: unknown, field: string): unknown {
  return isFields(node) ? node[field] : undefined;
}
