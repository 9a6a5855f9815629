/** What an audit of bytes can find; a word that a report may print. */
export type FindingKind =
  | 'missing'
  | 'unlisted'
  | 'changed'
  | 'malformed line'
  | 'duplicate line'
  | 'unsafe path'
  | 'case twin'
  | 'unicode twin'
  | 'symlink'
  | 'hard link'
  | 'special file';

/** One thing that is wrong with a folder's bytes, and where. */
export interface Finding {
  readonly path: string;
  readonly kind: FindingKind;
  readonly message: string;
}
