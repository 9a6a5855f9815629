import type { Drawing } from './chart/drawing';
import type { Words } from './words';

/** A part of a text for people, whatever it is shown on: a terminal, Markdown, an HTML page. */
export type Block =
  | { readonly kind: 'text'; readonly text: Words }
  | { readonly kind: 'list'; readonly items: readonly Words[]; readonly ordered?: true }
  | Table
  | Figure
  | Verdict
  | { readonly kind: 'code'; readonly text: string; readonly language?: 'sh' | 'text' };

/** The first cell of a row names it. */
export interface Table {
  readonly kind: 'table';
  readonly caption?: Words;
  /** On a page it is opened by whoever wants it. */
  readonly isFolded?: true;
  /** Cells hold sentences: on a page a row is a card at every width. */
  readonly isOfCards?: true;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Words[])[];
}

/** A picture, and the same as a table: for those who do not see it, and where no picture can be shown. */
export interface Figure {
  readonly kind: 'figure';
  readonly title: string;
  /** What is to be seen in it, in a sentence or two. */
  readonly description: string;
  readonly drawing: Drawing;
  readonly data: Table;
}

/** How it ended, before all else. */
export interface Verdict {
  readonly kind: 'verdict';
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly headline: Words;
  readonly text: Words;
  readonly facts: readonly (readonly [Words, Words])[];
}

export interface Section {
  readonly title: Words;
  readonly blocks: readonly Block[];
}

/** A whole text: its title, what it is in a sentence, what stands before all sections, its sections. */
export interface Document {
  readonly title: Words;
  readonly lead: Words;
  readonly opening?: readonly Block[];
  readonly sections: readonly Section[];
}

export function text(words: Words): Block {
  return { kind: 'text', text: words };
}

export function list(items: readonly Words[]): Block {
  return { kind: 'list', items };
}

/** Steps, in their order. */
export function steps(items: readonly Words[]): Block {
  return { kind: 'list', items, ordered: true };
}

export function code(words: string): Block {
  return { kind: 'code', text: words };
}

/** What is pasted into a shell as it stands. */
export function shell(words: string): Block {
  return { kind: 'code', text: words, language: 'sh' };
}

/** What a command prints, word for word. */
export function printed(words: string): Block {
  return { kind: 'code', text: words, language: 'text' };
}

/** A column in which no row says anything is left out. */
export function table(heads: readonly string[], rows: readonly (readonly Words[])[], caption?: Words): Table {
  const says = heads.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const kept = <Cell>(cells: readonly Cell[]): readonly Cell[] =>
    cells.filter((__, column) => says[column] === true);
  const named = caption === undefined ? {} : { caption };
  return { kind: 'table', ...named, heads: kept(heads), rows: rows.map(kept) };
}

/** A section of those blocks that say something; none where there is nothing to say. */
export function sectionOf(title: Words, blocks: readonly (Block | null)[]): readonly Section[] {
  const said = blocks.filter((block) => block !== null).filter(saysSomething);
  return said.length === 0 ? [] : [{ title, blocks: said }];
}

function saysSomething(block: Block): boolean {
  if (block.kind === 'table') return block.rows.length > 0;
  if (block.kind === 'list') return block.items.length > 0;
  return block.kind !== 'text' || block.text !== '';
}
