/** What others have said, word for word: nothing in it is markup, whatever it looks like. */
export interface Verbatim {
  readonly verbatim: string;
  readonly as?: 'code' | 'strong';
}

/** Text of the house, in which `code`, **strong** and links are more than text; or parts, of which others have said some. */
export type Words = Part | readonly Part[];
export type Part = string | Verbatim;

export function verbatim(value: unknown): Verbatim {
  return { verbatim: String(value) };
}

/** Word for word, shown as code: an id, a digest, a name in the database. */
export function quoted(value: string): Verbatim {
  return { verbatim: value, as: 'code' };
}

export function strong(value: string): Verbatim {
  return { verbatim: value, as: 'strong' };
}

/** A sentence of the house around what others have said: whatever is put in stays word for word. */
export function say(
  house: TemplateStringsArray,
  ...others: readonly (string | number | Verbatim)[]
): readonly Part[] {
  return house.flatMap((text, index) => {
    const other = others[index];
    if (other === undefined) return [text];
    return [text, typeof other === 'object' ? other : verbatim(other)];
  });
}

/** Several words as one, with something of the house between them. */
export function joined(words: readonly Words[], between: string): Words {
  return words.flatMap((each, index) => [...(index === 0 ? [] : [between]), ...partsOf(each)]);
}

export function partsOf(words: Words): readonly Part[] {
  return typeof words === 'string' || 'verbatim' in words ? [words] : words;
}

/** Without any marks: for a title, a label. */
export function plainOf(words: Words): string {
  return visible(
    partsOf(words)
      .map((part) => (typeof part === 'string' ? part : part.verbatim))
      .join(''),
  );
}

/** Characters that nobody sees, or that reorder what is seen, by their numbers: `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (odd) => {
    const number = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${number}⟩`;
  });
}
