/** A place in a file for people: both count from one, the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** How much of a long line an excerpt shows on each side of the place. */
const EXCERPT_CHARACTERS = 60;
/** One character more than is shown, of the longest kind: so a character that is cut in two never shows. */
const REACH_BYTES = 4 * (EXCERPT_CHARACTERS + 1);
const NEWLINE = 0x0a;

/** Gives the positions of byte offsets; offsets asked for in rising order cost one walk over the file in all. */
export function locatorOf(bytes: Uint8Array): (offset: number) => Position {
  let at = 0;
  let line = 1;
  let column = 1;
  return (offset) => {
    if (offset < at) [at, line, column] = [0, 1, 1];
    for (; at < offset && at < bytes.length; at++) {
      if (bytes[at] === NEWLINE) [line, column] = [line + 1, 1];
      else if (!isInsideCharacter(bytes[at + 1])) column++;
    }
    return { line, column };
  };
}

/** The byte offset of the character with this number, counted from zero. */
export function offsetOfCharacter(bytes: Uint8Array, character: number): number {
  let offset = 0;
  for (let left = character; offset < bytes.length; offset++) {
    if (isInsideCharacter(bytes[offset])) continue;
    if (left === 0) break;
    left--;
  }
  return offset;
}

/** The line around an offset, and a caret under the place. */
export function excerptAt(bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(NEWLINE, offset);
  const before = shown(bytes.subarray(Math.max(lineStart(bytes, offset), offset - REACH_BYTES), offset));
  const after = shown(
    bytes.subarray(offset, Math.min(end === -1 ? bytes.length : end, offset + REACH_BYTES)),
  );
  const left = before.slice(-EXCERPT_CHARACTERS);
  const right = after.slice(0, EXCERPT_CHARACTERS);
  const cut = left.length < before.length ? '…' : '';
  const rest = right.length < after.length ? '…' : '';
  return `  ${cut}${left.join('')}${right.join('').trimEnd()}${rest}\n  ${' '.repeat(cut.length + left.length)}^`;
}

function lineStart(bytes: Buffer, offset: number): number {
  return offset === 0 ? 0 : bytes.lastIndexOf(NEWLINE, offset - 1) + 1;
}

/** The characters of some bytes; what a terminal would obey rather than show is a space. */
function shown(bytes: Buffer): string[] {
  return Array.from(bytes.toString('utf8').replaceAll(/\p{Cc}/gu, ' '));
}

function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
