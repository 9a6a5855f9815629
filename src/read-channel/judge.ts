import { parseApart } from '../grammar/grammar-thread';
import type { ParsedApart } from '../grammar/grammar-thread';
import type { RawStatement } from '../grammar/parser';
import { offsetOfCharacter } from '../grammar/position';
import type { Opened, PermittedRead } from './permitted-read';
import { refusedRead } from './refusal';
import type { Refusal } from './refusal';
import { readText, refusalOfLiterals } from './text';
import { judgeTree, refusalOfCalls } from './tree';

/** What the channel says of a text by itself; what its names mean is left to the database. */
export type Judgement =
  { readonly permitted: PermittedRead } | { readonly refused: Refusal; readonly text: string };

/**
 * The layers that need no database: bytes, grammar, tree. The text that comes out is the one that went in, to the last character.
 * @throws QUERY_REFUSED with construct, place, reason and the permitted form
 */
export async function judgeRead(
  input: string | Buffer,
  opened: Opened,
  path = 'query',
): Promise<PermittedRead> {
  const judged = await judge(input, opened);
  if ('refused' in judged) throw refusedRead(judged.text, judged.refused, path);
  return judged.permitted;
}

/** The same as data. */
export async function judge(input: string | Buffer, opened: Opened): Promise<Judgement> {
  const read = readText(input);
  if ('refused' in read) return { ...read, text: input.toString('utf8').slice(0, SHOWN_CHARACTERS) };
  const { text } = read;
  const literal = await refusalOfLiterals(text);
  if (literal !== undefined) return { refused: literal, text };
  const parsed = oneStatement(text, await parseApart(text));
  if ('refused' in parsed) return { ...parsed, text };
  const tree = judgeTree(parsed.statement);
  if ('refused' in tree) return { ...tree, text };
  const refused = refusalOfCalls(tree.names, opened);
  return refused === undefined ? { permitted: { text, names: tree.names } } : { refused, text };
}

const SHOWN_CHARACTERS = 64 * 1024;

/** The second layer: PostgreSQL's own grammar, and exactly one statement. */
export function oneStatement(
  text: string,
  parsed: ParsedApart,
): { readonly statement: RawStatement } | { readonly refused: Refusal } {
  const refuse = (construct: string, reason: string, location = 0): { readonly refused: Refusal } => ({
    refused: { layer: 'grammar', construct, reason, location },
  });
  if (parsed.verdict === 'too long')
    return refuse('a text that takes too long', 'the grammar had not read it in time');
  if (parsed.verdict === 'too deep')
    return refuse('a text too deep', 'it is nested more deeply than the grammar can follow');
  if (parsed.verdict === 'not SQL') {
    const at = offsetOfCharacter(Buffer.from(text), parsed.character);
    return refuse('no SQL', reasonOf(parsed.message, text[parsed.character]), at);
  }
  const [statement, second] = parsed.statements;
  if (statement === undefined) return refuse('no statement', 'there is nothing in it to be read');
  if (second !== undefined)
    return refuse(
      'more than one statement',
      'a read is one statement; here are several',
      beginningOf(text, second.offset),
    );
  return { statement };
}

function reasonOf(message: string, character: string | undefined): string {
  return character === '\\' ? 'a command of psql, not of the server' : message;
}

/** The first character of a statement behind the white space before it. */
function beginningOf(text: string, offset: number): number {
  const rest = Buffer.from(text).subarray(offset).toString('utf8');
  return offset + Buffer.byteLength(rest) - Buffer.byteLength(rest.trimStart());
}
