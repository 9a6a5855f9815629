import { isUtf8 } from 'node:buffer';
import { tokensOf } from '../grammar/parser';
import type { Refusal } from './refusal';

/** A read is written by people; what is larger was made to strain the parser. */
export const TEXT_BYTES_MAX = 64 * 1024;

/** A text that parser and server read as the same characters, or why it may not be one. */
export type ReadText = { readonly text: string } | { readonly refused: Refusal };

/** The first layer: bytes alone, before anything parses them. Bytes are UTF-8; a string is taken as it is. */
export function readText(input: string | Buffer): ReadText {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (size > TEXT_BYTES_MAX)
    return refused('a text too large', `${size} bytes; a read has at most ${TEXT_BYTES_MAX}`, 0);
  if (typeof input !== 'string' && !isUtf8(input))
    return refused('bytes that are not UTF-8', 'parser and server could read them as different texts', 0);
  const text = typeof input === 'string' ? input : input.toString('utf8');
  for (const { pattern, construct, reason, instead } of FAULTS) {
    const at = text.search(pattern);
    if (at !== -1) return refused(construct, reason, Buffer.byteLength(text.slice(0, at)), instead);
  }
  return { text };
}

/**
 * A plain literal in which a backslash stands before a quotation mark: a server without standard_conforming_strings would read on behind
 * the mark. An even number of backslashes ends in the same place for every server, and E'…' is read alike by all.
 */
export async function refusalOfLiterals(text: string): Promise<Refusal | undefined> {
  if (!BACKSLASH_BEFORE_MARK.test(text)) return undefined;
  const tokens = await tokensOf(text);
  const wrong = tokens.find((token) => token.text.startsWith("'") && BACKSLASH_BEFORE_MARK.test(token.text));
  if (wrong === undefined && tokens.length > 0) return undefined;
  return {
    layer: 'text',
    construct: 'a backslash before a quotation mark',
    reason:
      'a server without standard_conforming_strings would take the mark for a part of the text, and read on',
    instead: "'' for a mark, E'…\\\\' for a backslash at the end",
    location: wrong?.start ?? Buffer.byteLength(text.slice(0, text.search(BACKSLASH_BEFORE_MARK))),
  };
}

const BACKSLASH_BEFORE_MARK = /(?<!\\)(?:\\\\)*\\'/;

interface Fault {
  readonly pattern: RegExp;
  readonly construct: string;
  readonly reason: string;
  readonly instead?: string;
}

const FAULTS: readonly Fault[] = [
  {
    pattern: /\0/,
    construct: 'a NUL character',
    reason: 'the parser would stop reading there, the server would not',
  },
  {
    pattern: /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/,
    construct: 'half of a surrogate pair',
    reason: 'it is no character, and becomes another one on the way to the server',
  },
  {
    pattern: /\uFEFF/,
    construct: 'a byte order mark',
    reason: 'it cannot be seen, and would become a part of a name',
    instead: 'the same text without it',
  },
  {
    // White space is none: tab, line feed, vertical tab, form feed, carriage return.
    pattern: /(?![\t\n\v\f\r\0])\p{Cc}/u,
    construct: 'a control character',
    reason: 'it cannot be seen, and terminals obey it',
    instead: "chr(…), or E'\\x…'",
  },
  {
    pattern: /\/\*\+/,
    construct: 'a hint to the planner',
    reason: 'an extension of the server may obey it, settings among them',
    instead: 'a comment that begins otherwise',
  },
  {
    pattern: /[\u200B-\u200F\u202A-\u202E\u2060-\u2069]/,
    construct: 'a character that hides or reorders others',
    reason: 'what people see would not be what runs',
    instead: 'chr(…)',
  },
];

// eslint-disable-next-line max-params -- a refusal in one line
function refused(construct: string, reason: string, location: number, instead?: string): ReadText {
  return {
    refused: { layer: 'text', construct, reason, location, ...(instead === undefined ? {} : { instead }) },
  };
}
