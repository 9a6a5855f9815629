import { isFields, textOf } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import type { CalledFunction, FieldRead, Named, NamesUsed, ReadRelation } from './permitted-read';
import type { Visited } from './walk';

/** Everything in the tree that is a name for the database to resolve. */
export function namesUsed(nodes: readonly Visited[]): NamesUsed {
  const of = (kind: string): readonly Visited[] => nodes.filter((node) => node.kind === kind);
  return {
    functions: of('FuncCall').map(calledFunction),
    operators: nodes.flatMap(operatorsOf),
    types: of('TypeName').map(({ fields, location }) => named(fields['names'], location)),
    relations: of('RangeVar').map(readRelation),
    fields: [...of('ColumnRef').flatMap(fieldOfColumn), ...of('A_Indirection').flatMap(fieldsOfIndirection)],
    otherAliases: nodes.flatMap(otherAlias),
  };
}

/** A name of one part or two; where it has more, the schema is all that stands before the last one, and no such schema is permitted. */
export function named(parts: unknown, location: number): Named {
  const texts = textsOf(parts);
  const name = texts.at(-1) ?? '';
  return { schema: texts.length > 1 ? texts.slice(0, -1).join('.') : null, name, location };
}

/** The strings of a list of nodes; what is none is left out. */
export function textsOf(nodes: unknown): readonly string[] {
  return Array.isArray(nodes) ? nodes.flatMap((node: unknown) => textOf(node) ?? []) : [];
}

function calledFunction({ fields, location }: Visited): CalledFunction {
  const { funcname, args } = fields;
  const byNames = Array.isArray(args) && args.some((arg: unknown) => isFields(arg) && 'NamedArgExpr' in arg);
  return { ...named(funcname, location), byNames };
}

function readRelation({ fields, location }: Visited): ReadRelation {
  const { schemaname, relname, alias } = fields;
  const name = typeof relname === 'string' ? relname : '';
  const known = isFields(alias) ? alias['aliasname'] : undefined;
  const schema = typeof schemaname === 'string' ? schemaname : null;
  return { schema, name, alias: typeof known === 'string' ? known : name, location };
}

/** Written operators, and those for which the grammar has words: an operator of this name is looked up in the search path too. */
function operatorsOf({ kind, fields, location }: Visited): readonly Named[] {
  const at = (names: readonly string[]): readonly Named[] =>
    names.map((name) => ({ schema: null, name, location }));
  if (kind === 'A_Expr') return expressionOperators(fields, location);
  if (kind === 'SortBy' && fields['useOp'] !== undefined) return [named(fields['useOp'], location)];
  if (kind === 'SubLink') return subLinkOperators(fields, location);
  if (kind === 'CaseExpr' && fields['arg'] !== undefined) return at(['=']);
  if (kind === 'JoinExpr' && (fields['usingClause'] !== undefined || fields['isNatural'] === true))
    return at(['=']);
  return [];
}

function expressionOperators({ kind, name }: Fields, location: number): readonly Named[] {
  if (typeof kind !== 'string' || !kind.includes('BETWEEN')) return [named(name, location)];
  return ['<', '>', '<=', '>='].map((operator) => ({ schema: null, name: operator, location }));
}

function subLinkOperators({ subLinkType, operName }: Fields, location: number): readonly Named[] {
  if (operName !== undefined) return [named(operName, location)];
  return subLinkType === 'ANY_SUBLINK' ? [{ schema: null, name: '=', location }] : [];
}

/** `a.f` and `s.a.f`: of `a`. What stands alone is a column or a row, and calls nothing. */
function fieldOfColumn({ fields, location }: Visited): readonly FieldRead[] {
  const parts: readonly unknown[] = Array.isArray(fields['fields']) ? fields['fields'] : [];
  const name = textOf(parts.at(-1));
  if (parts.length < 2 || name === undefined) return [];
  return [{ name, location, of: textOf(parts.at(-2)) ?? null }];
}

function fieldsOfIndirection({ fields, location }: Visited): readonly FieldRead[] {
  return textsOf(fields['indirection']).map((name) => ({ name, location, of: null }));
}

function otherAlias({ kind, fields }: Visited): readonly string[] {
  if (kind === 'CommonTableExpr') return typeof fields['ctename'] === 'string' ? [fields['ctename']] : [];
  if (kind === 'RangeVar' && !isRenamed(fields['alias'])) return [];
  if (!['RangeVar', 'RangeSubselect', 'RangeFunction', 'JoinExpr'].includes(kind)) return [];
  const aliases = [fields['alias'], fields['join_using_alias']].filter(isFields);
  return aliases.flatMap(({ aliasname }) => (typeof aliasname === 'string' ? [aliasname] : []));
}

/** `t as a(x, y)`: `a.id` may then be no column any more, though the relation has one. */
function isRenamed(alias: unknown): boolean {
  return isFields(alias) && alias['colnames'] !== undefined;
}
