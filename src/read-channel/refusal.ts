import { ReleaseError } from '../core/rules/release-error';
import { excerptAt, locatorOf } from '../grammar/position';

/** Which layer says no: the bytes, the grammar, the tree, the names as the database resolves them, the session, the caps. */
export type Layer = 'text' | 'grammar' | 'tree' | 'names' | 'session' | 'caps';

/** Why a statement is not let through. */
export interface Refusal {
  readonly layer: Layer;
  /** What it is: `INSERT`, `function pg_catalog.pg_sleep`. */
  readonly construct: string;
  readonly reason: string;
  /** The permitted form, where there is one. */
  readonly instead?: string;
  /** In bytes of UTF-8 from the beginning of the text. */
  readonly location: number;
}

/** The refusal as people read it: construct, place with a caret, reason, permitted form. */
export function refusedRead(text: string, refusal: Refusal, path = 'query'): ReleaseError {
  const bytes = Buffer.from(text);
  const { layer, construct, reason, instead, location } = refusal;
  const { line, column } = locatorOf(bytes)(location);
  const message = `${path}:${line}:${column}: ${construct}: ${reason}\n${excerptAt(bytes, location)}`;
  return new ReleaseError('QUERY_REFUSED', message, {
    details: { layer, construct, reason, line, column, ...(instead === undefined ? {} : { instead }) },
    ...(instead === undefined ? {} : { hint: `Permitted: ${instead}` }),
  });
}
