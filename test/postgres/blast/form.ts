/** A form of a statement, and what PostgreSQL's documentation says that it costs others. */
export interface Form {
  readonly form: string;
  readonly sql: string;
  /** Statements that are committed before, on top of `shop.ts`. */
  readonly setUp?: string;
  /** The strongest lock on each table, view or sequence that was there before, without its schema. */
  readonly locks: Readonly<Record<string, string>>;
  /** The same of indexes, where the documentation names a lock on them. */
  readonly indexLocks?: Readonly<Record<string, string>>;
  readonly rewrites?: readonly string[];
  /** Indexes that are built, of tables that were there before. */
  readonly builds?: readonly string[];
  /** Tables that are read from end to end to validate something. */
  readonly scans?: readonly string[];
  /** The section of the PostgreSQL documentation that says so. */
  readonly source: string;
}

export const LOCKS = '13.3.1 Table-Level Locks';
