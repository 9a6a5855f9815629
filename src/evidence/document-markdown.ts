import type { Block, Document, Table, Verdict } from './document';
import { partsOf, visible } from './words';
import type { Verbatim, Words } from './words';

/** Markdown of a document. Nothing in it begins a tag; only the house's `code`, **strong** and links are more than text. */
export function markdownOf({ title, lead, opening = [], sections }: Document): string {
  const parts = sections.flatMap((section) => [
    `## ${oneLine(inline(section.title))}`,
    ...section.blocks.map(blockMarkdown),
  ]);
  const all = [`# ${oneLine(inline(title))}`, ...opening.map(blockMarkdown), inline(lead), ...parts];
  return `${all.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return paragraph(block.text);
    case 'code':
      return fenced(visible(block.text), block.language ?? '');
    case 'table':
      return tableMarkdown(block);
    case 'figure':
      return [house(block.description), tableMarkdown({ ...block.data, caption: block.title })].join('\n\n');
    case 'verdict':
      return verdictMarkdown(block);
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered === true ? `${index + 1}.` : '-'} ${oneLine(paragraph(item))}`)
        .join('\n');
  }
}

function verdictMarkdown({ headline, text, facts }: Verdict): string {
  const lines = facts.map(([name, value]) => `- ${oneLine(inline(name))}: ${oneLine(inline(value))}`);
  return [`**${oneLine(inline(headline))}**`, paragraph(text), lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableMarkdown({ caption, heads, rows }: Table): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = [line(heads.map(house)), line(heads.map(() => '---'))];
  const body = rows.map((row) => line(row.map(cell)));
  return `${caption === undefined ? '' : `${oneLine(paragraph(caption))}:\n\n`}${[...head, ...body].join('\n')}`;
}

/** A pipe would end the cell, a newline the table. */
function cell(words: Words): string {
  return inline(words).replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/** What begins a line there begins no heading, quotation or list. */
function paragraph(words: Words): string {
  const isHouse = typeof words === 'string';
  return isHouse ? house(words) : inline(words).replaceAll(/^(\s*)(?=[#>+=-]|\d+[.)]\s)/gm, '$1\\');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

function inline(words: Words): string {
  return partsOf(words)
    .map((part) => (typeof part === 'string' ? house(part) : verbatimMarkdown(part)))
    .join('');
}

function verbatimMarkdown({ verbatim, as }: Verbatim): string {
  const shown = visible(verbatim);
  if (as === 'code') return shown === '' ? '' : `\`${oneLine(shown).replaceAll('`', "'")}\``;
  return as === 'strong' ? `**${escape(shown)}**` : escape(shown);
}

/** Every character that begins markup. Inside a word an underscore does not, and names are full of them. */
function escape(text: string): string {
  return text
    .replaceAll(/[\\`*[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\b(https?|ftp|mailto):/gi, '$1\\:')
    .replaceAll(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`);
}

/** The fence is longer than whatever looks like one in the text. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/~+/g) ?? []).map((run) => run.length));
  const fence = '~'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A `<` outside of code would begin HTML. */
function house(words: string): string {
  return visible(words).replaceAll(/(`[^`\n]*`)|</g, (_, quoted: string | undefined) => quoted ?? '&lt;');
}
