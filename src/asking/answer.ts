/** A column of an answer; its type as PostgreSQL writes it: `integer`, `numeric(10,2)`. */
export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** The text that PostgreSQL gives for a value; null for null. */
export type Cell = string | null;

export interface Answer {
  readonly target: string;
  readonly server: 'primary' | 'standby';
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Why it was not the standby, where the target names one. */
  readonly passedOver?: string;
  /** There are more rows than were asked for. */
  readonly more: boolean;
  /** Counted on the socket. */
  readonly bytes: number;
  readonly ms: number;
  /** SHA-256 of the text that was asked. */
  readonly digest: string;
}
