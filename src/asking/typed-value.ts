import type { AnswerColumn, Cell } from './answer';

/** A value as JSON has it. */
export type JsonValue = unknown;

const NUMBERS = new Set(['smallint', 'integer', 'oid']);
/** Deeper values stay text: writing them out again would overflow the stack. */
const MOST_DEPTH = 100;

/** A number only where it is exact, `json` parsed where nothing of it is lost, else PostgreSQL's own text. */
export function typedValue({ type }: Pick<AnswerColumn, 'type'>, cell: Cell): JsonValue {
  if (cell === null) return null;
  if (NUMBERS.has(type)) return Number(cell);
  if (type === 'boolean') return cell === 't';
  return type === 'json' || type === 'jsonb' ? parsedJson(cell) : cell;
}

/** Digits that a number of JavaScript would lose, and great depths, are kept by the text alone. */
function parsedJson(text: string): JsonValue {
  if (!isKept(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // no JSON after all
  }
}

/** Is all of it what it was after it has been parsed and written again? */
function isKept(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') at = endOfString(text, at);
    else if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    else if (sign === '-' || (sign >= '0' && sign <= '9')) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(text)?.[0] ?? sign;
      if (!isExact(number)) return false;
      at += number.length - 1;
    }
    if (depth > MOST_DEPTH) return false;
  }
  return true;
}

const NUMBER = /[-+\d.eE]+/y;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

/** Fifteen digits of a decimal number come back from a double as they went in. */
function isExact(number: string): boolean {
  const digits = number
    .replace(/e.*$/i, '')
    .replaceAll(/[-.]/g, '')
    .replaceAll(/^0+|0+$/g, '');
  const value = Number(number);
  return digits.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '');
}
