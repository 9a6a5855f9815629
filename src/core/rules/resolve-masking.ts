import type { Masking, MaskRule } from '../schema/masking';

/** A column of a table, and the tables that its table is a partition or a child of, however far up. */
export interface TableColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly parents: readonly string[];
}

/** A table whose rows are changed, its partitions and children with it. */
export interface MaskedTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly column: string; readonly rule: MaskRule }[];
}

/**
 * What a policy means in a database. It fails closed: a sensitive column without a rule is a problem, and so is one that
 * is not there, for a column that was renamed must not come through unmasked.
 */
export function resolveMasking(
  { sensitive, columns: rules }: Masking,
  found: readonly TableColumn[],
): { readonly tables: readonly MaskedTable[]; readonly problems: readonly string[] } {
  const patterns = [...new Set([...sensitive, ...Object.keys(rules)])];
  const gone = patterns.filter((pattern) => !found.some((column) => isMeant(pattern, column)));
  const meant = found.filter((column) => patterns.some((pattern) => isMeant(pattern, column)));
  const own = meant.filter((column) => !isOfAnother(column, meant)); // a parent's rows are its children's too
  const ruled = own.map((column) => ({ ...column, rule: ruleOf(rules, column) }));
  return {
    tables: byTable(
      ruled.flatMap(({ rule, ...column }) => (rule === undefined ? [] : [{ ...column, rule }])),
    ),
    problems: [
      ...gone.map((pattern) => `${pattern}: there is no such column in a table`),
      ...ruled.filter(({ rule }) => rule === undefined).map((column) => `${nameOf(column)} has no rule`),
    ],
  };
}

/** Patterns of `sensitive` of which nothing was masked. */
export function unmaskedOf(sensitive: readonly string[], masked: readonly string[]): readonly string[] {
  const columns = masked.map((name) => {
    const [schema = '', table = '', column = ''] = name.split('.');
    return { schema, table, column, parents: [] };
  });
  return sensitive.filter((pattern) => !columns.some((column) => isMeant(pattern, column)));
}

/** Names of columns that a policy speaks of, in whatever table: what is read before masking keeps nothing of single rows there. */
export function hiddenColumns(masking: Masking | undefined): readonly string[] {
  const patterns = [...(masking?.sensitive ?? []), ...Object.keys(masking?.columns ?? {})];
  return [...new Set(patterns.map((pattern) => pattern.split('.').slice(2).join('.')))];
}

/** `schema.table.column` */
export function nameOf({ schema, table, column }: Omit<TableColumn, 'parents'>): string {
  return `${schema}.${table}.${column}`;
}

function isMeant(pattern: string, { schema, table, column }: TableColumn): boolean {
  const [ofSchema, ofTable, ofColumn] = pattern.split('.');
  const fits = (part: string | undefined, name: string): boolean => part === '*' || part === name;
  return fits(ofSchema, schema) && fits(ofTable, table) && ofColumn === column;
}

/** By its own name first; a pattern's rule is for those that have none. */
function ruleOf(rules: Masking['columns'], column: TableColumn): MaskRule | undefined {
  const exact = rules[nameOf(column)];
  const pattern = Object.keys(rules).find((each) => isMeant(each, column));
  return exact ?? (pattern === undefined ? undefined : rules[pattern]);
}

function isOfAnother({ column, parents }: TableColumn, meant: readonly TableColumn[]): boolean {
  return meant.some((other) => other.column === column && parents.includes(`${other.schema}.${other.table}`));
}

function byTable(columns: readonly (TableColumn & { readonly rule: MaskRule })[]): MaskedTable[] {
  const tables = new Map<string, MaskedTable>();
  for (const { schema, table, column, rule } of columns) {
    const key = `${schema}.${table}`;
    const known = tables.get(key)?.columns ?? [];
    tables.set(key, { schema, table, columns: [...known, { column, rule }] });
  }
  return [...tables.values()];
}
