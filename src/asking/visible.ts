/** What a terminal would obey instead of showing: control characters, and those that turn the direction of text or end lines. */
const OBEYED =
  // eslint-disable-next-line no-control-regex -- these are what it is for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text on one line that a terminal can only show: a line feed is `␊`, an escape `␛`, others `\u{9b}`. */
export function visible(text: string): string {
  return text.replaceAll(OBEYED, picture);
}

/** The same, keeping the lines that the text has. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** JSON that a terminal can only show: what JSON does not escape by itself is escaped as JSON escapes it. */
export function visibleJson(json: string): string {
  return json.replaceAll(OBEYED, (sign) =>
    sign === '\n' ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function picture(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === 0x7f) return '␡';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u{${code.toString(16)}}`;
}
