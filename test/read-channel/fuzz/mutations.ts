import type { Random } from './random';
import { isSql, textOf, tokensOf } from './tokens';
import type { Token } from './tokens';

/** What mutations take their parts from: names of a real database, and other statements. */
export interface Parts {
  readonly statements: readonly string[];
  readonly functions: readonly string[];
  readonly types: readonly string[];
  readonly relations: readonly string[];
  readonly operators: readonly string[];
  readonly keywords: readonly string[];
  readonly columns: readonly string[];
}

type Mutation = (tokens: readonly Token[], random: Random, parts: Parts) => readonly Token[];

/** A changed statement: most often one that the grammar still takes, or the other layers would never be asked. */
export function mutated(random: Random, parts: Parts): string {
  if (random.next() < 0.1) return changed(random, parts);
  for (let tries = 0; tries < 12; tries += 1) {
    const text = changed(random, parts);
    if (isSql(text)) return text;
  }
  return changed(random, parts);
}

/** One to three changes in it, then perhaps something around it or in its bytes. */
function changed(random: Random, parts: Parts): string {
  let tokens = tokensOf(random.pick(parts.statements));
  if (tokens === null || tokens.length === 0) return distorted(random.pick(parts.statements), random);
  for (let changes = 1 + random.below(random.below(3) + 1); changes > 0; changes -= 1)
    tokens = random.pick(MUTATIONS)(tokens, random, parts);
  let text = textOf(tokens);
  if (random.next() < 0.35) text = wrapped(text, random, parts);
  return random.next() < 0.08 ? distorted(text, random) : text;
}

const MUTATIONS: readonly Mutation[] = [
  (tokens, random, { functions }) => replaced(tokens, isCalled, random.pick(functions), random),
  (tokens, random, { functions }) => replaced(tokens, isCalled, random.pick(functions), random),
  (tokens, random, { types }) => replaced(tokens, isType, random.pick(types), random),
  (tokens, random, { relations }) => replaced(tokens, isRelation, random.pick(relations), random),
  (tokens, random, { operators }) => replaced(tokens, isOperator, random.pick(operators), random),
  (tokens, random, { columns }) => replaced(tokens, isField, random.pick(columns), random),
  (tokens, random, { functions }) => replaced(tokens, isField, random.pick(functions), random),
  (tokens, random, { keywords }) => inserted(tokens, random.below(tokens.length + 1), random.pick(keywords)),
  (tokens, random) => without(tokens, random.below(tokens.length)),
  (tokens, random) => {
    const token = random.pick(tokens);
    return inserted(tokens, random.below(tokens.length + 1), token.text, token.kind);
  },
  spliced,
  spliced,
  called,
  called,
];

/** Another statement's parenthesis, or its whole, in the place of a value or of a parenthesis. */
function spliced(tokens: readonly Token[], random: Random, { statements }: Parts): readonly Token[] {
  const other = tokensOf(random.pick(statements)) ?? [];
  const part = parenthesisOf(other, random) ?? [mark('('), ...other, mark(')')];
  const value = random.below(tokens.length);
  const place = tokens.findIndex(({ kind, text }, at) => at >= value && (kind !== 'mark' || text === '('));
  const end = tokens[place]?.text === '(' ? closing(tokens, place) : place;
  return place === -1 ? tokens : [...tokens.slice(0, place), ...part, ...tokens.slice(end + 1)];
}

/** A value becomes the argument of any function. */
function called(tokens: readonly Token[], random: Random, { functions }: Parts): readonly Token[] {
  const from = random.below(tokens.length);
  const place = tokens.findIndex(({ kind }, at) => at >= from && /name|string|number/.test(kind));
  const value = tokens[place];
  if (value === undefined) return tokens;
  const call = [name(random.pick(functions)), mark('('), value, mark(')')];
  return [...tokens.slice(0, place), ...call, ...tokens.slice(place + 1)];
}

const WRAPPERS: readonly ((text: string, other: string) => string)[] = [
  (text) => `WITH q AS (${text}) SELECT * FROM q`,
  (text, other) => `WITH q AS MATERIALIZED (${text}) ${other}`,
  (text) => `SELECT * FROM (${text}) s`,
  (text) => `SELECT (${text})`,
  (text) => `SELECT EXISTS (${text}), ARRAY(${text})`,
  (text) => `SELECT a.id FROM accounts a, LATERAL (${text}) l`,
  (text, other) => `(${text}) UNION ALL (${other})`,
  (text) => `EXPLAIN ${text}`,
  (text) => `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
  (text) => `EXPLAIN (VERBOSE) ${text}`,
  (text) => `CREATE TABLE x AS ${text}`,
  (text) => `COPY (${text}) TO STDOUT`,
  (text) => `DECLARE c CURSOR WITH HOLD FOR ${text}`,
  (text) => `PREPARE p AS ${text}`,
  (text, other) => `${text}; ${other}`,
  (text) => `${text} FOR UPDATE`,
  (text) => `VALUES ((${text}))`,
  (text) => `SELECT 1 FROM accounts ORDER BY (${text}) LIMIT 3`,
];

function wrapped(text: string, random: Random, { statements }: Parts): string {
  return random.pick(WRAPPERS)(text, random.pick(statements));
}

const ODD = [
  '\0',
  '\uFEFF',
  '\u200B',
  '\u00A0',
  '\u2028',
  '\r',
  '\\',
  "'",
  '"',
  '$$',
  '--',
  '/*',
  '*/',
  ';',
  '\uD800',
  '；',
  'ｓ',
  '\u202E',
  "E'",
  'U&"',
];

/** Odd characters between others. */
function distorted(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return `${text.slice(0, at)}${random.pick(ODD)}${text.slice(at)}`;
}

type Place = (token: Token, before: Token | undefined, after: Token | undefined) => boolean;

const isCalled: Place = ({ kind }, _, after) => kind === 'name' && after?.text === '(';
const isType: Place = ({ kind }, before) => kind === 'name' && /^(::|as)$/i.test(before?.text ?? '');
const isRelation: Place = ({ kind }, before) =>
  kind === 'name' && /^(from|join|,|table)$/i.test(before?.text ?? '');
const isField: Place = ({ kind }, before) =>
  kind === 'name' && /^(\.|select|,|\()$/i.test(before?.text ?? '');
const isOperator: Place = ({ kind }) => kind === 'operator';

function replaced(tokens: readonly Token[], fits: Place, by: string, random: Random): readonly Token[] {
  const places = tokens.flatMap((token, at) => (fits(token, tokens[at - 1], tokens[at + 1]) ? [at] : []));
  if (places.length === 0) return tokens;
  const place = random.pick(places);
  return tokens.map((token, at) => (at === place ? { ...token, text: by } : token));
}

function inserted(
  tokens: readonly Token[],
  at: number,
  text: string,
  kind: Token['kind'] = 'keyword',
): readonly Token[] {
  return [...tokens.slice(0, at), { text, kind }, ...tokens.slice(at)];
}

function without(tokens: readonly Token[], at: number): readonly Token[] {
  return tokens.length < 2 ? tokens : tokens.filter((_, place) => place !== at);
}

function parenthesisOf(tokens: readonly Token[], random: Random): readonly Token[] | undefined {
  const places = tokens.flatMap(({ text }, at) => (text === '(' ? [at] : []));
  if (places.length === 0 || random.next() < 0.3) return undefined;
  const place = random.pick(places);
  return tokens.slice(place, closing(tokens, place) + 1);
}

/** Where the parenthesis that opens here closes; the end where it does not. */
function closing(tokens: readonly Token[], place: number): number {
  let depth = 0;
  for (let at = place; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '(') depth += 1;
    if (tokens[at]?.text === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

function mark(text: string): Token {
  return { text, kind: 'mark' };
}

function name(text: string): Token {
  return { text, kind: 'name' };
}
