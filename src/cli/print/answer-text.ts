import type { Answer, AnswerColumn, Cell } from '../../asking/answer';
import type { Colours } from '../terminal';
import { visible } from '../../asking/visible';
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

/** A table for people, and a line that says what it is of. No cell of it can command a terminal. */
export function answerText(answer: Answer, shown: Shown): string {
  const { columns, rows } = answer;
  const heads = columns.map(({ name }) => visible(name));
  const cells = rows.map((row) => row.map((cell) => (cell === null ? NULL : visible(cell))));
  const natural = widthsOf(heads, cells);
  const widths = shown.places === undefined ? natural : narrowed(natural, shown.places);
  const lines = [
    shown.colours.bold(line(heads, { columns, widths })),
    ...cells.map((row, index) => {
      const dim = dimmed(rows[index] ?? [], shown.colours);
      return line(row, { columns, widths, dim });
    }),
  ];
  const cut = [heads, ...cells].flat().filter((cell, index) => {
    return placesOf(cell) > (widths[index % widths.length] ?? 0);
  }).length;
  const body = columns.length === 0 ? [] : lines;
  return [...body, shown.colours.dim(summaryOf(answer)), ...notesOf(answer, cut)].join('\n');
}

/** `(12 rows, 3 ms, on the standby)` */
function summaryOf({ rows, more, ms, server }: Answer): string {
  const count = `${more ? 'the first ' : ''}${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  return `(${count}, ${ms} ms, on the ${server})`;
}

function notesOf({ more, rows }: Answer, cut: number): readonly string[] {
  return [
    ...(more ? [moreText(rows.length)] : []),
    ...(cut === 0
      ? []
      : [
          `${cut} ${cut === 1 ? 'cell is' : 'cells are'} cut to the width of the terminal; --json and --csv have them whole`,
        ]),
  ];
}

/** What a person should know who was not given everything. */
export function moreText(rows: number): string {
  return `there are more rows than these ${rows}: \`--limit\` gives more, at most 10000`;
}

function widthsOf(heads: readonly string[], cells: readonly (readonly string[])[]): readonly number[] {
  const widths = heads.map(placesOf);
  for (const row of cells)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, placesOf(cell))));
  return widths;
}

/** The widest columns give way until the table fits, or none of them is wide any more. */
function narrowed(widths: readonly number[], places: number): readonly number[] {
  const gaps = GAP.length * Math.max(0, widths.length - 1);
  let most = Math.max(LEAST_PLACES, ...widths);
  const total = (limit: number): number => widths.reduce((sum, width) => sum + Math.min(width, limit), gaps);
  while (most > LEAST_PLACES && total(most) > places) most -= 1;
  return widths.map((width) => Math.min(width, most));
}

interface Layout {
  readonly columns: readonly AnswerColumn[];
  readonly widths: readonly number[];
  readonly dim?: (text: string, column: number) => string;
}

function line(cells: readonly string[], { columns, widths, dim = String }: Layout): string {
  return cells
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      const text = fitted(cell, width);
      const spaces = ' '.repeat(Math.max(0, width - placesOf(text)));
      const shown = dim(text, column);
      return NUMERIC.test(columns[column]?.type ?? '') ? spaces + shown : shown + spaces;
    })
    .join(GAP)
    .trimEnd();
}

/** What is null looks unlike a text of the same sign. */
function dimmed(row: readonly Cell[], { dim }: Colours): (text: string, column: number) => string {
  return (text, column) => (row[column] === null ? dim(text) : text);
}
