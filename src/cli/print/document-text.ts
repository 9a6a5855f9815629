import type { Block, Document, Table, Verdict } from '../../evidence/document';
import { partsOf, plainOf, visible } from '../../evidence/words';
import type { Words } from '../../evidence/words';
import type { Colours } from '../terminal';
import { facts, table } from './table';

/** A document on a terminal. */
export function documentText({ title, lead, opening = [], sections }: Document, colours: Colours): string {
  const parts = sections.map((section) =>
    [
      colours.bold(plainOf(section.title)),
      ...section.blocks.map((block, index) => apart(block, index) + indented(blockText(block, colours))),
    ].join('\n'),
  );
  const first = opening.map((block) => blockText(block, colours));
  return [`${colours.bold(plainOf(title))}\n${plain(lead, colours)}`, ...first, ...parts].join('\n\n');
}

/** What begins something new inside a section stands off from what is before it. */
function apart(block: Block, index: number): string {
  return index > 0 && block.kind === 'text' && typeof block.text === 'string' && block.text.startsWith('**')
    ? '\n'
    : '';
}

/** A cell of a table is cut here: a terminal has no room for more. */
const WIDEST = 60;

function blockText(block: Block, colours: Colours): string {
  switch (block.kind) {
    case 'code':
      return block.language === undefined ? visible(block.text) : indented(visible(block.text));
    case 'text':
      return plain(block.text, colours);
    case 'table':
      return tableText(block, colours);
    case 'figure':
      return `${block.title}\n${tableText(block.data, colours)}`;
    case 'verdict':
      return verdictText(block, colours);
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered === true ? `${index + 1}.` : '•'} ${plain(item, colours)}`)
        .join('\n');
  }
}

function verdictText({ headline, text, facts: told }: Verdict, colours: Colours): string {
  const pairs = told.map(([name, value]) => [plainOf(name), plainOf(value)] as const);
  return [colours.bold(plainOf(headline)), plain(text, colours), facts(pairs)].join('\n');
}

/** A table of facts is shown whole: its second column bears digests. */
function tableText({ heads, rows }: Table, colours: Colours): string {
  const cut = heads.length > 2 ? cutCell : (cell: string): string => cell;
  const lines = table(
    heads.map((head) => ({ head })),
    rows.map((row) => row.map((cell) => cut(plainOf(cell)))),
    (cell, { row }) => (row === -1 ? colours.dim(cell) : cell),
  );
  return heads.every((head) => head === '') ? lines.split('\n').slice(1).join('\n') : lines;
}

function cutCell(cell: string): string {
  const line = cell.replaceAll(/\s+/g, ' ');
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}

/** The house's `code` and **strong** without their marks; what others have said as it stands. */
function plain(words: Words, colours: Colours): string {
  return partsOf(words)
    .map((part) => (typeof part === 'string' ? house(part, colours) : visible(part.verbatim)))
    .join('');
}

function house(text: string, colours: Colours): string {
  return visible(text)
    .replaceAll(/`([^`]+)`/g, (_, words: string) => colours.cyan(words))
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, words: string) => colours.bold(words));
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
