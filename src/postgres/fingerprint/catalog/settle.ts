/**
 * PostgreSQL's own text of an expression changes once when it is read back, as a dump and restore does:
 * `(ARRAY['a'::character varying])::text[]` (from `x in ('a')`) comes back as `ARRAY[('a'::character varying)::text]`.
 * Both are written the second way here, or no clone of such a database would equal its source.
 */
export function settle(definition: string): string {
  const start = definition.indexOf(OPENING);
  if (start < 0) return definition;
  const end = closingOf(definition, start + OPENING.length);
  const cast = end === undefined ? undefined : CAST.exec(definition.slice(end));
  const before = definition.slice(0, start);
  if (end === undefined || cast?.[1] === undefined) {
    return `${before}${OPENING}${settle(definition.slice(start + OPENING.length))}`;
  }
  const type = cast[1];
  const elements = splitElements(definition.slice(start + OPENING.length, end));
  const pushed = elements.map((element) => `(${settle(element)})::${type}`).join(', ');
  return `${before}ARRAY[${pushed}]${settle(definition.slice(end + cast[0].length))}`;
}

const OPENING = '(ARRAY[';
/** After the elements: the bracket, the parenthesis, and the array type that all is cast to. */
const CAST = /^\]\)::((?:"(?:[^"]|"")*"|[\w .]|\(\d+(?:,\d+)?\))+)\[\]/;

/** The index of the bracket that ends what begins at `from`; undefined where none does. */
function closingOf(text: string, from: number): number | undefined {
  for (const { index, depth } of charactersOf(text, from)) if (depth < 0) return index;
  return undefined;
}

function splitElements(list: string): string[] {
  const elements: string[] = [];
  let start = 0;
  for (const { index, depth } of charactersOf(list, 0)) {
    if (depth > 0 || list[index] !== ',') continue;
    elements.push(list.slice(start, index).trim());
    start = index + 1;
  }
  return [...elements, list.slice(start).trim()];
}

interface Character {
  readonly index: number;
  /** How many brackets are open after it; -1 at the one that closes the whole. */
  readonly depth: number;
}

/** The characters outside quotes, with their depth. */
function* charactersOf(text: string, from: number): Generator<Character> {
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === `'` || character === '"') {
      index = endOfQuoted(text, index);
      continue;
    }
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    yield { index, depth };
    if (depth < 0) return;
  }
}

/** The index of the closing quote; a doubled quote opens the next piece at once, so it needs no care. */
function endOfQuoted(text: string, from: number): number {
  const end = text.indexOf(text.charAt(from), from + 1);
  return end < 0 ? text.length : end;
}
