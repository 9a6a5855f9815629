import { list as bullets, table as markdownTable } from './report-blocks';

/** A part of a text for people, whatever it is shown on: a terminal, Markdown, an HTML page. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly ordered?: true }
  | {
      readonly kind: 'table';
      readonly heads: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'code'; readonly text: string; readonly language?: 'sh' | 'text' };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A whole text: its title, what it is in a sentence, its sections. */
export interface Document {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly Section[];
}

export function text(words: string): Block {
  return { kind: 'text', text: words };
}

export function list(items: readonly string[]): Block {
  return { kind: 'list', items };
}

/** Steps, in their order. */
export function steps(items: readonly string[]): Block {
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
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): Block {
  const says = heads.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const kept = (cells: readonly string[]): readonly string[] =>
    cells.filter((__, column) => says[column] === true);
  return { kind: 'table', heads: kept(heads), rows: rows.map(kept) };
}

/** Markdown of a document. Nothing in it begins a tag; only `code` and **strong** are more than text. */
export function markdownOf({ title, lead, sections }: Document): string {
  const parts = sections.flatMap((section) => [
    `## ${inert(section.title)}`,
    ...section.blocks.map(blockMarkdown),
  ]);
  return `${[`# ${inert(title)}`, inert(lead), ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  if (block.kind === 'text') return inert(block.text);
  if (block.kind === 'table')
    return markdownTable(
      block.heads,
      block.rows.map((row) => row.map(inert)),
    );
  if (block.kind === 'code') return fenced(block.text, block.language ?? '');
  const items = block.items.map(inert);
  if (block.ordered !== true) return bullets(items);
  return items.map((item, index) => `${index + 1}. ${item.replaceAll('\n', ' ')}`).join('\n');
}

/** The fence is longer than whatever looks like one in the text. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/~+/g) ?? []).map((run) => run.length));
  const fence = '~'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A `<` outside of code would begin HTML. */
function inert(words: string): string {
  return words.replaceAll(/(`[^`\n]*`)|</g, (_, quoted: string | undefined) => quoted ?? '&lt;');
}
