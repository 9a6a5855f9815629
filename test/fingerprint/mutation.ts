/** One change of the catalog or of a row, and the words that a difference must name it with. */
export interface Mutation {
  readonly sql: string;
  readonly named: string;
}

/** Changes of one area, and the words that name each. Each is made alone, in a fresh copy of `subject.sql`. */
export function seen(
  _area: string,
  changes: readonly (readonly [sql: string, named: string])[],
): readonly Mutation[] {
  return changes.map(([sql, named]) => ({ sql, named }));
}
