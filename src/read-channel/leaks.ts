import { isFields } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { permittedColumns } from './catalogs';
import { textsOf } from './names-used';
import type { NamesUsed, ReadRelation } from './permitted-read';
import type { Refusal } from './refusal';
import type { Visited } from './walk';

/**
 * A catalog of which only some columns may be read: every way to its other columns is refused. They are `*`, the row as a whole, other
 * names for its columns, and joins that find columns by themselves; what is left names a column, and that one must be permitted.
 */
export function refusalOfLeak(nodes: readonly Visited[], names: NamesUsed): Refusal | undefined {
  for (const relation of names.relations) {
    const columns = permittedColumns(relation.schema, relation.name);
    if (columns === undefined) continue;
    for (const node of nodes) {
      const reason = leakOf(node, relation, columns);
      if (reason !== undefined) return refusal(relation, reason, bareStar(node) ?? node.location);
    }
  }
  return undefined;
}

function leakOf(node: Visited, relation: ReadRelation, columns: ReadonlySet<string>): string | undefined {
  const { kind, fields } = node;
  if (kind === 'SelectStmt')
    return bareStar(node) !== undefined && readsItself(fields['fromClause'], relation) ? STAR : undefined;
  if (kind === 'ColumnRef') return leakOfColumn(fields['fields'], relation.alias, columns);
  if (kind === 'A_Indirection') return holdsStar(fields['indirection']) ? STAR : undefined;
  if (kind === 'RangeVar' && isNamed(fields, relation) && hasColumns(fields['alias']))
    return 'its columns are given other names';
  if (kind !== 'JoinExpr') return undefined;
  if (fields['isNatural'] === true) return 'a natural join compares all its columns';
  if (fields['alias'] !== undefined)
    return 'the join is given a name, and that would be a row of all its columns';
  return textsOf(fields['usingClause']).some((name) => !columns.has(name))
    ? 'the join compares other columns of it'
    : undefined;
}

/** What another relation or a subquery calls so is not the catalog's: nothing of it gets out of here under a name. */
function leakOfColumn(parts: unknown, alias: string, columns: ReadonlySet<string>): string | undefined {
  const texts = textsOf(parts);
  const [name, of] = [texts.at(-1) ?? '', texts.at(-2)];
  if (holdsStar(parts)) return name === alias ? STAR : undefined;
  if (name === alias) return 'its row as a whole would show all its columns';
  if (of === alias && !columns.has(name)) return `its column ${name} may not be read`;
  return of === undefined && HIDDEN.has(name) ? `its column ${name} may not be read` : undefined;
}

/** The columns that may not be read, where no alias says whose they are. */
const HIDDEN: ReadonlySet<string> = new Set(
  (
    'query rolconfig rolpassword most_common_vals most_common_val_nulls most_common_freqs most_common_base_freqs most_common_elems ' +
    'most_common_elem_freqs elem_count_histogram histogram_bounds range_length_histogram range_empty_frac range_bounds_histogram'
  ).split(' '),
);

const STAR = '`*` would show all its columns';

/** Does a FROM have the relation itself among what it joins? `*` beside it is then its columns too; that of a subquery is not. */
function readsItself(from: unknown, relation: ReadRelation): boolean {
  if (Array.isArray(from)) return from.some((item: unknown) => readsItself(item, relation));
  if (!isFields(from)) return false;
  const { RangeVar: named, JoinExpr: join, RangeTableSample: sample } = from;
  if (isFields(join)) return readsItself(join['larg'], relation) || readsItself(join['rarg'], relation);
  if (isFields(sample)) return readsItself(sample['relation'], relation);
  return isFields(named) && isNamed(named, relation);
}

/** Where a `*` stands alone; only a list of what is selected can hold it. */
function bareStar({ kind, fields }: Visited): number | undefined {
  const targets: readonly unknown[] =
    kind === 'SelectStmt' && Array.isArray(fields['targetList']) ? fields['targetList'] : [];
  for (const target of targets) {
    const value = isFields(target) && isFields(target['ResTarget']) ? target['ResTarget']['val'] : undefined;
    const column = isFields(value) ? value['ColumnRef'] : undefined;
    if (isFields(column) && holdsStar(column['fields']) && textsOf(column['fields']).length === 0)
      return Number(column['location'] ?? 0);
  }
  return undefined;
}

function isNamed(fields: Fields, { name, schema }: ReadRelation): boolean {
  return fields['relname'] === name && (fields['schemaname'] ?? null) === schema;
}

function hasColumns(alias: unknown): boolean {
  return isFields(alias) && alias['colnames'] !== undefined;
}

function holdsStar(parts: unknown): boolean {
  return Array.isArray(parts) && parts.some((part: unknown) => isFields(part) && 'A_Star' in part);
}

function refusal({ name }: ReadRelation, reason: string, location: number): Refusal {
  const instead = `name the columns of ${name} that you need: ${[...(permittedColumns(null, name) ?? [])].join(', ')}`;
  return { layer: 'tree', construct: `columns of ${name}`, reason, instead, location };
}
