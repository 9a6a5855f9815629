import type { Answer, Cell } from './answer';

/** The end of a line in CSV: RFC 4180, 2.1. */
export const CSV_LINE_END = '\r\n';

/**
 * RFC 4180 with a line of heads; without the end of the last line. Null is empty, the empty text `""`. What a spreadsheet would take
 * for a formula is data and stays as it is.
 */
export function answerCsv({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): string {
  return [columns.map(({ name }) => name), ...rows].map(record).join(CSV_LINE_END);
}

function record(cells: readonly Cell[]): string {
  return cells.map(field).join(',');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
