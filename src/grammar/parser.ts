import { createRequire } from 'node:module';
import * as installed from 'libpg-query';

/** What PostgreSQL's own grammar says of a text. Characters and bytes are counted from zero. */
export type Parsed =
  | { readonly verdict: 'parsed'; readonly statements: readonly RawStatement[] }
  | { readonly verdict: 'not SQL'; readonly message: string; readonly character: number }
  | { readonly verdict: 'too deep'; readonly cause: unknown };

/** A statement of the parse tree; `tree` has one key, the statement's kind. Places are bytes of UTF-8. */
export interface RawStatement {
  readonly kind: string;
  readonly tree: unknown;
  readonly offset: number;
  /** Absent: to the end of the text. */
  readonly length: number | undefined;
}

type Grammar = Pick<typeof installed, 'parse' | 'scan'>;

let grammar: Grammar = installed;

/** Parses a text. It never throws: what is wrong with the text is data. */
export async function parseSql(text: string): Promise<Parsed> {
  if (text === '') return { verdict: 'parsed', statements: [] };
  const used = grammar;
  try {
    const { stmts = [] } = await used.parse(text);
    return { verdict: 'parsed', statements: stmts.map(rawStatement) };
  } catch (error) {
    if (error instanceof Error && error.name === 'SqlError') return notSql(error);
    if (used === grammar) grammar = freshGrammar();
    return { verdict: 'too deep', cause: error };
  }
}

/** A word or a sign of a text, keywords in lower case; places are bytes of UTF-8. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a text without its comments; none where it cannot be scanned. */
export async function tokensOf(text: string): Promise<readonly Token[]> {
  try {
    const { tokens } = await grammar.scan(text);
    return tokens
      .filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'))
      .map((token) => ({
        text: token.keywordName === 'NO_KEYWORD' ? token.text : token.text.toLowerCase(),
        start: token.start,
        end: token.end,
      }));
  } catch {
    return []; // a text that cannot be scanned is taken whole
  }
}

/** The byte offset behind the last semicolon of a text, or 0. */
export async function lastSemicolon(text: string): Promise<number> {
  if (text === '') return 0;
  try {
    const { tokens } = await grammar.scan(text);
    return tokens.findLast((token) => token.text === ';')?.end ?? 0;
  } catch {
    // It only serves to find a better message; a text that cannot be scanned keeps the one it has.
    return 0;
  }
}

/** The statements of what the grammar gave, as they come out of JSON too. */
export function rawStatementsOf(found: unknown): readonly RawStatement[] {
  if (!Array.isArray(found)) throw new Error('the grammar gave no statements');
  return found.map((raw: unknown) => rawStatement(isRecord(raw) ? raw : {}));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function rawStatement(raw: {
  readonly stmt?: unknown;
  readonly stmt_location?: unknown;
  readonly stmt_len?: unknown;
}): RawStatement {
  const { stmt, stmt_location: offset, stmt_len: length } = raw;
  return {
    kind: Object.keys(isRecord(stmt) ? stmt : {})[0] ?? '',
    tree: stmt,
    offset: typeof offset === 'number' ? offset : 0,
    length: typeof length === 'number' ? length : undefined,
  };
}

function notSql(error: Error): Parsed {
  const details = 'sqlDetails' in error ? error.sqlDetails : undefined;
  const known = typeof details === 'object' && details !== null && 'cursorPosition' in details;
  const character = known && typeof details.cursorPosition === 'number' ? details.cursorPosition : 0;
  return { verdict: 'not SQL', message: error.message, character };
}

/**
 * A stack overflow inside WebAssembly never gives back the stack that it had taken: after some thirty of them every
 * parse fails, or reads memory that is not its own. So the instance is thrown away after the first.
 */
function freshGrammar(): Grammar {
  const load = createRequire(__filename);
  Reflect.deleteProperty(load.cache, load.resolve('libpg-query'));
  const fresh: unknown = load('libpg-query');
  return isGrammar(fresh) ? fresh : installed;
}

function isGrammar(module: unknown): module is Grammar {
  return typeof module === 'object' && module !== null && 'parse' in module && 'scan' in module;
}
