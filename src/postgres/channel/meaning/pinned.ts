/**
 * Writes `a = b` as `a operator(pg_catalog.=) b`, and so with the other operators that our own questions use: what users have made
 * under those names never answers them. All of these then bind alike, from left to right.
 */
export function pinned(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const written = parts.map((part) =>
    part.replaceAll(/(?<=\s)(=|<>|<=|>=|<|>|\|\||->>?)(?=\s)/g, 'operator(pg_catalog.$1)'),
  );
  return written.map((part, place) => part + (values[place] ?? '')).join('');
}
