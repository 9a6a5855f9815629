import { isPermittedFunction } from '../../../read-channel/functions';
import type { NamesUsed } from '../../../read-channel/permitted-read';
import type { Refusal } from '../../../read-channel/refusal';

/** One thing that the database has found in the way of a read. */
export interface Found {
  /** Which rule has found it. */
  readonly rule: string;
  readonly location: number;
  /** What it is about, and what the rule knows more of it. */
  readonly subject: string;
  readonly detail: string;
  /** The function that would be called, with the types of its arguments. */
  readonly code: string;
  /** Where it is of pg_catalog, function or relation: its name, for the list that the rule goes by. */
  readonly builtin: string | null;
  /** What the rule must read itself: an expression as the server keeps it. */
  readonly tree: string | null;
}

/** A question to the catalog, which yields what stands in the way, and the words for it. */
export interface Rule {
  readonly name: string;
  /** Of which names it asks; where a statement has none of them, it need not be asked. */
  readonly about: readonly (keyof NamesUsed)[];
  /**
   * `code` yields rule, location, subject, detail, tree and the oid of a function, which is in the way where a read must not reach it;
   * `bare` yields rule, location, subject, detail and builtin of what is in the way by itself.
   */
  readonly sql: { readonly code: string } | { readonly bare: string };
  readonly permits: (found: Found) => boolean;
  readonly words: (found: Found) => Pick<Refusal, 'construct' | 'reason' | 'instead'>;
}

/** Of pg_catalog's functions, those on the list; of others, none. */
export function isListedFunction({ builtin }: Found): boolean {
  return builtin !== null && isPermittedFunction(builtin);
}
