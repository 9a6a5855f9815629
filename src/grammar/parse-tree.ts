/** The fields of a node of a parse tree. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value in a parse tree under its key (a kind of node or a field), and the nearest place that the grammar noted. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly location: number;
}

/** Walks a parse tree in the order of the text. Without recursion: a tree may be deeper than the stack. */
export function* entriesOf(tree: unknown, location: number): Generator<Entry> {
  const stack: Entry[] = [{ key: '', value: tree, location }];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    yield entry;
    if (Array.isArray(entry.value)) pushItems(stack, entry);
    else if (isFields(entry.value)) pushFields(stack, entry, entry.value);
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a string node, of a constant, or of a plain string field. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isFields(value)) return undefined;
  return textOf(value['String'] ?? value['A_Const'] ?? value['sval']);
}

/** The last part of a qualified name: what it names, whatever its schema. */
export function lastName(names: unknown): string | undefined {
  return Array.isArray(names) ? textOf(names.at(-1)) : undefined;
}

function pushItems(stack: Entry[], { key, value, location }: Entry): void {
  if (!Array.isArray(value)) return;
  for (let index = value.length - 1; index >= 0; index--) {
    const item: unknown = value[index];
    stack.push({ key, value: item, location });
  }
}

function pushFields(stack: Entry[], entry: Entry, fields: Fields): void {
  const own = fields['location'];
  const location = typeof own === 'number' && own > 0 ? own : entry.location;
  for (const [key, value] of Object.entries(fields).reverse()) stack.push({ key, value, location });
}
