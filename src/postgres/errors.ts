import { DatabaseError } from 'pg';
import type { FailureCode } from '../core/rules/failures';
import { classifySqlState } from '../core/rules/sqlstate';
import { ReleaseError } from '../core/rules/release-error';

/** Where in the package a statement stands. */
export interface StatementPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly number: number;
  readonly text: string;
}

/** Turns whatever `pg` threw into a ReleaseError: the server's own words, the SQLSTATE, the place. */
export function asReleaseError(error: unknown, place?: StatementPlace): ReleaseError {
  if (error instanceof ReleaseError) return error;
  if (error instanceof DatabaseError) return fromServer(error, place);
  const message = error instanceof Error ? error.message : String(error);
  return new ReleaseError(isConnectRefusal(message) ? 'CONNECT_FAILED' : 'SESSION_LOST', message, {
    cause: error,
  });
}

function fromServer(error: DatabaseError, place: StatementPlace | undefined): ReleaseError {
  const state = error.code ?? 'XX000';
  const code: FailureCode = classifySqlState(state);
  const where = place === undefined ? '' : describePlace(place, error.position);
  const words = speaksOfRows(state) ? wordsWithoutValues(error, state) : wordsOf(error, state);
  const told = new ReleaseError(code, [where, ...words].filter((part) => part !== '').join('\n'), {
    details: {
      sqlstate: state,
      ...(place === undefined ? {} : { file: place.file, line: place.line, statement: place.number }),
    },
    ...(speaksOfRows(state) ? {} : { cause: error }), // a cause is written out too, with all that the server said
  });
  if (speaksOfRows(state)) whole.set(told, [where, ...wordsOf(error, state)].filter(Boolean).join('\n'));
  return told;
}

/** Beside the error, not in it: whatever writes an error out cannot write this. */
const whole = new WeakMap<object, string>();

/** All that the server said, with values of rows, where the error itself leaves them out. For the worker's own log alone. */
export function unscrubbed(error: unknown): string | undefined {
  return error instanceof ReleaseError ? whole.get(error) : undefined;
}

/** Data exceptions, broken constraints and check options quote rows, in whatever language the server speaks. Invariant 10. */
function speaksOfRows(state: string): boolean {
  return /^(22|23|44)/.test(state);
}

function wordsOf(error: DatabaseError, state: string): readonly string[] {
  return [
    `${error.message} (SQLSTATE ${state})`,
    label('detail', error.detail),
    label('hint', error.hint),
    label('context', firstLine(error.where)),
  ];
}

/** Names instead of values: detail and context are left out, for both quote rows; so is what a data exception has in quotes. */
function wordsWithoutValues(error: DatabaseError, state: string): readonly string[] {
  const { schema, table, column, constraint, dataType } = error;
  const message = state.startsWith('22') ? error.message.replace(QUOTED, '"…"') : error.message;
  return [
    `${message} (SQLSTATE ${state})`,
    label('constraint', constraint),
    label('table', table === undefined ? undefined : [schema, table].filter(Boolean).join('.')),
    label('column', column),
    label('type', dataType),
    label('hint', error.hint),
  ];
}

/** From the first quotation mark to the last, as servers write them: a value may hold such marks itself. */
const QUOTED = /["«»„“”].*["«»“”]/s;

/** `prod/50.sql:12:3 statement 4`, the line of the statement that failed, and a caret below it. */
function describePlace(place: StatementPlace, position: string | undefined): string {
  const offset = position === undefined ? 0 : Number(position) - 1;
  const characters = Array.from(place.text);
  const before = characters.slice(0, offset).join('');
  const lineInStatement = before.split('\n').length - 1;
  const columnInLine = before.length - (before.lastIndexOf('\n') + 1);
  const column = lineInStatement === 0 ? place.column + columnInLine : columnInLine + 1;
  const excerpt = (place.text.split('\n')[lineInStatement] ?? '').slice(0, 200);
  const caret = `${' '.repeat(Math.min(columnInLine, 200))}^`;
  return `${place.file}:${place.line + lineInStatement}:${column} statement ${place.number}\n  ${excerpt}\n  ${caret}`;
}

function label(name: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `${name}: ${text}`;
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split('\n')[0];
}

function isConnectRefusal(message: string): boolean {
  return /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|ENOENT|timeout expired/.test(message);
}
