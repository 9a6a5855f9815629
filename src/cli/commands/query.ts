import { z } from 'zod';
import type { Answer } from '../../asking/answer';
import { ask } from '../../asking/ask';
import { CSV_LINE_END, answerCsv } from '../../asking/csv';
import { typedValue } from '../../asking/typed-value';
import { visible } from '../../asking/visible';
import { ReleaseError } from '../../core/rules/release-error';
import { askerOf, databaseMeant } from '../asking';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Name } from '../input';
import { answerText, moreText } from '../print/answer-text';
import { queryText } from '../query-text';
import { readTargets } from '../targets-file';

const MOST_ROWS = 10_000;
const WHICH_ROWS = `a whole number from 1 to ${MOST_ROWS}`;
const Limit = z
  .string()
  .regex(/^\d{1,6}$/, WHICH_ROWS)
  .transform(Number)
  .pipe(z.number().min(1, WHICH_ROWS).max(MOST_ROWS, WHICH_ROWS));

/** Asks a target anything that only reads. */
export const query = command({
  name: 'query',
  summary:
    'ask a target by one SQL statement that only reads; it is judged before it is sent, has five seconds, and is recorded',
  arguments: [['[sql]', 'the statement; else `--file`, else stdin where that is no terminal']],
  options: [
    ['--target <target>', 'the database; may be left out where targets.yaml names only one'],
    ['--file <file>', 'the statement is in a file; `-` is stdin'],
    ['--limit <rows>', `at most so many rows, ${MOST_ROWS} at most; 1000 when left out`],
    ['--csv', 'RFC 4180 with a line of heads; null is empty, the empty text is ""'],
    ['--no-pager', 'long answers go past; else $PAGER, or less, shows them on a terminal'],
  ],
  examples: [
    ['query --target production "select id, state from orders order by id"', 'a table'],
    ['query --target production --file report.sql --csv > report.csv', 'a statement from a file'],
    ['query --json "explain select * from orders" | jq .rows', 'for a script'],
  ],
  exits: {
    0: 'answered',
    1: 'the server failed, five seconds were over, the answer was too large, or Ctrl-C',
    4: 'refused: it does more than read, or the call could not be recorded',
  },
  input: z.object({
    sql: z.string().optional(),
    target: Name.optional(),
    file: z.string().min(1).optional(),
    limit: Limit.default(1000),
    csv: z.boolean().default(false),
    pager: z.boolean().default(true),
  }),
  run: async (context, { sql, target, file, limit, csv, pager }) => {
    if (csv && context.global.json)
      throw new ReleaseError('USAGE', '--json and --csv are two forms of one answer', {
        hint: 'Give one of them.',
      });
    const known = readTargets(context);
    const database = databaseMeant(known, target);
    const text = await queryText(context, { sql, file });
    const asker = { ...askerOf(context, known, { by: 'query' }), signal: context.interruption() };
    const answer = await ask(asker, { target: database, ...text, rows: limit });
    const { passedOver } = answer;
    if (passedOver !== undefined)
      context.terminal.note(`the standby was passed over: ${visible(passedOver)}`);
    return csv ? csvResult(context, answer) : { ...tableResult(context, answer), isLong: pager };
  },
});

function tableResult({ terminal }: CommandContext, answer: Answer): CommandResult {
  const text = answerText(answer, { colours: terminal.colours, places: terminal.size?.columns });
  return { document: documentOf(answer), text, exit: EXIT_CODES.done };
}

/** As it is for a file or a program; on a terminal nothing of it can command. */
function csvResult({ terminal }: CommandContext, answer: Answer): CommandResult {
  if (answer.more) terminal.note(moreText(answer.rows.length));
  const { columns, rows } = answer;
  const shown =
    terminal.size === undefined
      ? answer
      : {
          columns: columns.map(({ name, type }) => ({ name: visible(name), type })),
          rows: rows.map((row) => row.map((cell) => (cell === null ? null : visible(cell)))),
        };
  return {
    document: documentOf(answer),
    text: answerCsv(shown),
    lineEnd: CSV_LINE_END,
    exit: EXIT_CODES.done,
  };
}

function documentOf({ target, server, columns, rows, more, bytes, ms, digest }: Answer): unknown {
  return {
    kind: 'query',
    target,
    server,
    columns,
    rows: rows.map((row) => row.map((cell, column) => typedValue(columns[column] ?? { type: 'text' }, cell))),
    rowCount: rows.length,
    more,
    bytes,
    ms,
    digest,
  };
}
