import { isFields, textOf } from '../grammar/parse-tree';
import type { RawStatement } from '../grammar/parser';
import { refusedArguments, refusedPattern, refusedSetting } from './arguments';
import type { Found } from './arguments';
import { whyHidden } from './catalogs';
import { isKnown, isPermittedFunction, whyRefusedFunction } from './functions';
import { refusalOfLeak } from './leaks';
import { namesUsed, textsOf } from './names-used';
import type { CalledFunction, Named, NamesUsed, Opened } from './permitted-read';
import type { Refusal } from './refusal';
import { NO_READ } from './nodes';
import { walk } from './walk';
import type { Visited } from './walk';

/** What the tree of one statement comes to: the names that are left to the database, or why it is refused. */
export type JudgedTree = { readonly names: NamesUsed } | { readonly refused: Refusal };

/** The third layer: every node, every field, every name that can be judged without the database. */
export function judgeTree({ kind, tree, offset }: RawStatement): JudgedTree {
  const walked = walk(tree, offset);
  if ('refused' in walked) return walked;
  if (!BEGINNINGS.has(kind)) return refused({ construct: kind, reason: NO_READ, location: offset });
  const names = namesUsed(walked.nodes);
  for (const node of walked.nodes) {
    const found = refusalOfNode(node);
    if (found !== undefined) return refused({ location: node.location, ...found });
  }
  const found = refusalOfNames(names) ?? refusalOfLeak(walked.nodes, names);
  return found === undefined ? { names } : { refused: found };
}

/** Functions: PostgreSQL's own that are harmless, and what the target opens; one that it opens under another schema's name is not that one. */
export function refusalOfCalls(
  { functions }: Pick<NamesUsed, 'functions'>,
  opened: Opened,
): Refusal | undefined {
  const wrong = functions.find((called) => !mayCall(called, opened));
  if (wrong === undefined) return undefined;
  const { schema, name, location } = wrong;
  const construct = `function ${schema === null ? '' : `${schema}.`}${name}`;
  if (schema !== null && schema !== 'pg_catalog')
    return {
      layer: 'tree',
      construct,
      reason: 'it is a function of the database’s own, which its target does not open',
      location,
    };
  return { layer: 'tree', construct, location, ...whyRefusedFunction(name) };
}

/** The same where no target is known yet: of functions that are PostgreSQL's own, or bear the name of a dangerous one. */
export function refusalOfPostgresCalls({ functions }: Pick<NamesUsed, 'functions'>): Refusal | undefined {
  const known = functions.filter(
    ({ schema, name }) => schema === 'pg_catalog' || (schema === null && isKnown(name)),
  );
  return refusalOfCalls({ functions: known }, { functions: [] });
}

const BEGINNINGS: ReadonlySet<string> = new Set(['SelectStmt', 'ExplainStmt', 'VariableShowStmt']);

function refused(found: Omit<Refusal, 'layer'>): JudgedTree {
  return { refused: { layer: 'tree', ...found } };
}

function mayCall({ schema, name }: CalledFunction, { functions }: Opened): boolean {
  if ((schema === null || schema === 'pg_catalog') && isPermittedFunction(name)) return true;
  // Unqualified it would be PostgreSQL's own: an opened one of such a name is called by its full name.
  if (schema === null && isKnown(name)) return false;
  return functions.some((full) =>
    schema === null ? full.endsWith(`.${name}`) : full === `${schema}.${name}`,
  );
}

/** Rules for single kinds of node, beside those of their fields. */
function refusalOfNode({ kind, fields }: Visited): Found | undefined {
  if (kind === 'ExplainStmt') return refusedExplain(fields['query']);
  if (kind === 'DefElem') return refusedOption(fields['defname']);
  if (kind === 'VariableShowStmt') return refusedSetting(textOf(fields['name']));
  if (kind === 'CommonTableExpr') return refusedUnlessSelect(fields['ctequery'], 'WITH');
  if (kind === 'SubLink') return refusedUnlessSelect(fields['subselect'], 'a subquery');
  if (kind === 'RangeSubselect') return refusedUnlessSelect(fields['subquery'], 'a subquery');
  if (kind === 'RangeTableSample') return refusedSample(textsOf(fields['method']));
  if (kind === 'TypeName' && textsOf(fields['names']).length > 2) return ANOTHER_DATABASE;
  if (kind === 'FuncCall') return refusedArguments(fields);
  if (kind === 'A_Expr') return refusedPattern(fields);
  if (kind === 'RangeVar' && fields['relpersistence'] !== 'p')
    return { construct: 'a temporary relation', reason: NO_READ };
  return undefined;
}

/** The server takes such a name where the database is its own, and what it then means would not have been looked up. */
const ANOTHER_DATABASE: Found = {
  construct: 'the name of a database',
  reason: 'a read stays in its database',
  instead: 'schema.name',
};

/** Options of EXPLAIN that change what is shown and run nothing. */
const EXPLAIN_OPTIONS: ReadonlySet<unknown> = new Set([
  'verbose',
  'costs',
  'settings',
  'buffers',
  'summary',
  'format',
  'memory',
]);

function refusedExplain(query: unknown): Found | undefined {
  return refusedUnlessSelect(query, 'EXPLAIN');
}

function refusedUnlessSelect(query: unknown, where: string): Found | undefined {
  if (isFields(query) && 'SelectStmt' in query) return undefined;
  return { construct: `${where} of something else than a SELECT`, reason: NO_READ };
}

function refusedOption(name: unknown): Found | undefined {
  if (EXPLAIN_OPTIONS.has(name)) return undefined;
  const option = typeof name === 'string' ? name.toUpperCase() : 'of unknown name';
  const reason = /^ANALY[SZ]E$/.test(option)
    ? 'it would execute the statement'
    : 'it is not among the options of a read';
  return { construct: `EXPLAIN with option ${option}`, reason, instead: 'EXPLAIN without it' };
}

function refusedSample(method: readonly string[]): Found | undefined {
  const [name, schema] = [method.at(-1), method.at(-2)];
  const isOurs =
    (name === 'system' || name === 'bernoulli') && (schema === undefined || schema === 'pg_catalog');
  return isOurs
    ? undefined
    : {
        construct: `TABLESAMPLE ${method.join('.')}`,
        reason: 'a function of somebody’s own',
        instead: 'system, bernoulli',
      };
}

function refusalOfNames({ relations, operators, types }: NamesUsed): Refusal | undefined {
  for (const { schema, name, location } of relations) {
    const reason = whyHidden(schema, name);
    if (reason !== undefined)
      return { layer: 'tree', construct: `relation ${full({ schema, name, location })}`, reason, location };
  }
  const operator = operators.find(({ schema }) => schema !== null && schema !== 'pg_catalog');
  if (operator !== undefined)
    return foreign(`operator ${full(operator)}`, operator, 'OPERATOR(pg_catalog.…)');
  const type = types.find(
    ({ schema, name }) =>
      name === 'xml' || name === '_xml' || (schema?.startsWith('pg_') === true && schema !== 'pg_catalog'),
  );
  if (type !== undefined) return foreign(`type ${full(type)}`, type);
  return undefined;
}

function foreign(construct: string, { location }: Named, instead?: string): Refusal {
  const reason = 'what it would run is not known to be harmless';
  return { layer: 'tree', construct, reason, location, ...(instead === undefined ? {} : { instead }) };
}

function full({ schema, name }: Named): string {
  return schema === null ? name : `${schema}.${name}`;
}
