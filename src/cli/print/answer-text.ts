import type { Answer, AnswerColumn, Cell } from '../../asking/answer';
import { visible } from '../../asking/visible';
import type { Colours } from '../terminal';
import { fitted, placesOf } from './places';

/** Where an answer is shown. places: how wide the terminal is; undefined where there is none. */
export interface Shown {
  readonly colours: Colours;
  readonly places: number | undefined;
}

const NUMERIC = /^(smallint|integer|bigint|oid|real|double precision|numeric(\(.*\))?|money)$/;
const NULL = '∅';
const GAP = '  ';
/** A column is not made narrower than this for the sake of others. */
const LEAST_PLACES = 16;

/** What is laid out: text by row and column, with nothing in it that commands a terminal. */
interface Cells {
  readonly columns: readonly AnswerColumn[];
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How a cell is coloured, once it has its width. */
  readonly paint: (text: string, row: number, column: number) => string;
}

interface Layout {
  readonly lines: readonly string[];
  /** Cells that did not fit. */
  readonly cut: number;
}

/** A table for people, and a line that says what it is of; a block a row where the terminal is too narrow for a table. */
export function answerText(answer: Answer, { colours, places }: Shown): string {
  const cells: Cells = {
    columns: answer.columns,
    heads: answer.columns.map(({ name }) => visible(name)),
    rows: answer.rows.map((row) => row.map(shownCell)),
    paint: (text, row, column) => (answer.rows[row]?.[column] === null ? colours.dim(text) : text),
  };
  const { lines, cut } = laidOut(cells, { colours, places });
  return [...lines, colours.dim(summaryOf(answer)), ...notesOf(answer, cut)].join('\n');
}

function shownCell(cell: Cell): string {
  return cell === null ? NULL : visible(cell);
}

function laidOut(cells: Cells, { colours, places }: Shown): Layout {
  if (cells.columns.length === 0) return { lines: [], cut: 0 };
  const natural = widthsOf(cells);
  if (places === undefined) return tableOf(cells, natural, colours);
  const widths = narrowed(natural, places);
  return totalOf(widths) > places ? blocksOf(cells, places, colours) : tableOf(cells, widths, colours);
}

function tableOf(
  { columns, heads, rows, paint }: Cells,
  widths: readonly number[],
  colours: Colours,
): Layout {
  const line = (cells: readonly string[], row: number): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const text = fitted(cell, width);
        const spaces = ' '.repeat(Math.max(0, width - placesOf(text)));
        const painted = paint(text, row, column);
        return NUMERIC.test(columns[column]?.type ?? '') ? spaces + painted : painted + spaces;
      })
      .join(GAP)
      .trimEnd();
  const isCut = (cell: string, column: number): boolean => placesOf(cell) > (widths[column] ?? 0);
  return {
    lines: [colours.bold(line(heads, -1)), ...rows.map(line)],
    cut: rows.reduce((sum, row) => sum + row.filter(isCut).length, 0),
  };
}

/** A line a column, as `\x` of psql shows them. */
function blocksOf({ heads, rows, paint }: Cells, places: number, colours: Colours): Layout {
  const names = Math.min(Math.max(...heads.map(placesOf)), Math.floor(places / 2));
  const values = Math.max(LEAST_PLACES, places - names - GAP.length);
  const lineOf = (cell: string, row: number, column: number): string => {
    const name = fitted(heads[column] ?? '', names);
    const spaces = ' '.repeat(names - placesOf(name));
    return `${colours.bold(name)}${spaces}${GAP}${paint(fitted(cell, values), row, column)}`;
  };
  return {
    lines: rows.flatMap((row, index) => [
      colours.dim(`row ${index + 1}`),
      ...row.map((cell, column) => lineOf(cell, index, column)),
    ]),
    cut: rows.reduce((sum, row) => sum + row.filter((cell) => placesOf(cell) > values).length, 0),
  };
}

/** `(12 rows, 3 ms, on the standby)` */
function summaryOf({ rows, more, ms, server }: Answer): string {
  const count = `${more ? 'the first ' : ''}${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  return `(${count}, ${ms} ms, on the ${server})`;
}

function notesOf({ more, rows }: Answer, cut: number): readonly string[] {
  const what = cut === 1 ? 'cell is' : 'cells are';
  const whole = `${cut} ${what} cut to the width of the terminal; --json and --csv have them whole`;
  return [...(more ? [moreText(rows.length)] : []), ...(cut === 0 ? [] : [whole])];
}

/** What a person should know who was not given everything. */
export function moreText(rows: number): string {
  return `there are more rows than these ${rows}: \`--limit\` gives more, at most 10000`;
}

function widthsOf({ heads, rows }: Cells): readonly number[] {
  const widths = heads.map(placesOf);
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, placesOf(cell))));
  return widths;
}

/** The widest columns give way until the table fits, or none of them is wide any more. */
function narrowed(widths: readonly number[], places: number): readonly number[] {
  const limited = (most: number): readonly number[] => widths.map((width) => Math.min(width, most));
  let [least, most] = [LEAST_PLACES, Math.max(LEAST_PLACES, ...widths)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (totalOf(limited(middle)) <= places) least = middle;
    else most = middle - 1;
  }
  return limited(least);
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * Math.max(0, widths.length - 1));
}
