import { isPermittedFunction } from '../../../read-channel/functions';
import type { Refusal } from '../../../read-channel/refusal';

/** One thing that the database has found in the way of a read. */
export interface Found {
  /** Which rule has found it. */
  readonly rule: string;
  readonly location: number;
  /** What would be reached. */
  readonly subject: string;
  /** By what, or instead of what: the rule knows. */
  readonly detail: string;
  /** Where it is of pg_catalog: its name, for the list that the rule goes by. */
  readonly builtin: string | null;
  /** What the rule must read itself: an expression as the server keeps it. */
  readonly tree: string | null;
}

/** A question to the catalog, which yields what stands in the way, and the words for it. */
export interface Rule {
  readonly name: string;
  /** Yields rule, location, subject, detail, builtin, tree. */
  readonly sql: string;
  readonly permits: (found: Found) => boolean;
  readonly words: (found: Found) => Pick<Refusal, 'construct' | 'reason' | 'instead'>;
}

/** Of pg_catalog's functions, those on the list; of others, none. */
export function isListedFunction({ builtin }: Found): boolean {
  return builtin !== null && isPermittedFunction(builtin);
}
