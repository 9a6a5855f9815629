import type { Block, Document } from '../../evidence/document';
import type { Colours } from '../terminal';
import { table } from './table';

/** A document on a terminal. */
export function documentText({ title, lead, sections }: Document, colours: Colours): string {
  const parts = sections.map((section) =>
    [
      colours.bold(section.title),
      ...section.blocks.map((block, index) => apart(block, index) + indented(blockText(block, colours))),
    ].join('\n'),
  );
  return [`${colours.bold(title)}\n${plain(lead, colours)}`, ...parts].join('\n\n');
}

/** What begins something new inside a section stands off from what is before it. */
function apart(block: Block, index: number): string {
  return index > 0 && block.kind === 'text' && block.text.startsWith('**') ? '\n' : '';
}

/** A cell of a table is cut here: a terminal has no room for more. */
const WIDEST = 60;

function blockText(block: Block, colours: Colours): string {
  if (block.kind === 'code') return block.language === undefined ? block.text : indented(block.text);
  if (block.kind === 'text') return plain(block.text, colours);
  if (block.kind === 'table') return tableText(block, colours);
  return block.items
    .map((item, index) => `${block.ordered === true ? `${index + 1}.` : '•'} ${plain(item, colours)}`)
    .join('\n');
}

/** A table of facts is shown whole: its second column bears digests. */
function tableText({ heads, rows }: Extract<Block, { kind: 'table' }>, colours: Colours): string {
  const cut = heads.length > 2 ? cutCell : (cell: string): string => cell;
  const lines = table(
    heads.map((head) => ({ head })),
    rows.map((row) => row.map(cut)),
    (cell, { row }) => (row === -1 ? colours.dim(cell) : cell),
  );
  return heads.every((head) => head === '') ? lines.split('\n').slice(1).join('\n') : lines;
}

function cutCell(cell: string): string {
  const line = cell.replaceAll(/\s+/g, ' ');
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}

/** `code` and **strong** without their marks. */
function plain(text: string, colours: Colours): string {
  return text
    .replaceAll(/`([^`]+)`/g, (_, words: string) => colours.cyan(words))
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, words: string) => colours.bold(words));
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
