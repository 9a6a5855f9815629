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
  if (PLAIN.test(text)) return `${text.slice(0, places - 1)}…`;
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
