/** A column: its head, its side, and how its text is painted once it has its width. */
export interface Column {
  readonly head: string;
  readonly align?: 'right';
}

const GAP = '  ';

/** Aligned columns; the last one is not padded. Cells hold plain text: `paint` colours them afterwards. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, place: { row: number; column: number }) => string = (cell) => cell,
): string {
  const widths = columns.map(({ head }, column) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[], row: number): string =>
    columns
      .map((column, index) =>
        paint(padded(cells[index] ?? '', widths[index] ?? 0, column), { row, column: index }),
      )
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ head }) => head),
      -1,
    ),
    ...rows.map((row, index) => line(row, index)),
  ].join('\n');
}

/** Names and what they are, one a line. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${name.padEnd(width)}${GAP}${value}`).join('\n');
}

function padded(text: string, width: number, { align }: Column): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

/** In characters, not in UTF-16 units. */
function widthOf(text: string): number {
  return Array.from(text).length;
}
