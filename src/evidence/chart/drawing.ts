import { visible } from '../words';

/** A picture as the inside of an SVG as wide as its place: places and widths in it are per cent, heights and letters are pixels. */
export interface Drawing {
  readonly height: number;
  readonly body: string;
  /** What its colours and patterns mean: the class of a key, and its words. */
  readonly legend: readonly (readonly [string, string])[];
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element; what it is given is text, in its attributes too. */
export function element(name: string, attributes: Attributes, ...inside: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${written.join('')}>${inside.join('')}</${name}>`;
}

/** A name as it fits into a picture: on a phone there is room for so many letters. */
export function shortened(name: string, letters: number): string {
  const shown = visible(name).replaceAll(/\s+/g, ' ');
  return shown.length > letters ? `${shown.slice(0, letters - 1)}…` : shown;
}

/** The same of a name whose end tells more than its beginning. */
export function shortenedAhead(name: string, letters: number): string {
  const shown = visible(name).replaceAll(/\s+/g, ' ');
  return shown.length > letters ? `…${shown.slice(1 - letters)}` : shown;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
