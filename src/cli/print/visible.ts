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

/** How many places of a terminal a text takes: wide characters take two, marks on the one before none. */
export function placesOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let places = 0;
  for (const sign of text) places += placesOfSign(sign);
  return places;
}

/** As much of a text as fits, and `…` where that is not all of it. */
export function fitted(text: string, places: number): string {
  if (placesOf(text) <= places) return text;
  let kept = '';
  let used = 0;
  for (const sign of text) {
    used += placesOfSign(sign);
    if (used > places - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}

const PLAIN = /^[\u0020-\u007e]*$/;
const MARK = /^(?:\p{Mn}|\p{Me}|\u200b|\u200c|\u200d|\u2060)$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^[\p{Emoji_Presentation}\u{20000}-\u{3fffd}]$/u;

function placesOfSign(sign: string): number {
  if (MARK.test(sign)) return 0;
  return WIDE.test(sign) ? 2 : 1;
}
