import { parseSync, scanSync } from 'libpg-query';

/** A token as PostgreSQL's own scanner cuts it. */
export interface Token {
  readonly text: string;
  readonly kind: 'name' | 'keyword' | 'string' | 'number' | 'operator' | 'mark' | 'comment';
}

/** Null where the scanner finds no way through. */
export function tokensOf(text: string): readonly Token[] | null {
  try {
    return scanSync(text).tokens.map(({ text: token, tokenName, keywordKind }) => ({
      text: token,
      kind: kindOf(token, tokenName, keywordKind),
    }));
  } catch {
    return null; // a text that is no sequence of tokens is mutated as characters only
  }
}

/** Does PostgreSQL's grammar take it? */
export function isSql(text: string): boolean {
  try {
    parseSync(text);
    return true;
  } catch {
    return false; // it does not
  }
}

export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, kind }) => (kind === 'comment' && text.startsWith('--') ? `${text}\n` : text))
    .join(' ');
}

function kindOf(text: string, name: string, keyword: number): Token['kind'] {
  if (name.endsWith('COMMENT')) return 'comment';
  if (name === 'IDENT' || name === 'UIDENT') return 'name';
  if (keyword > 0) return keyword === 4 ? 'keyword' : 'name';
  if (/^(SCONST|USCONST|XCONST|BCONST)$/.test(name)) return 'string';
  if (/^(ICONST|FCONST)$/.test(name)) return 'number';
  return /^[(),;.[\]:]$/.test(text) ? 'mark' : 'operator';
}
