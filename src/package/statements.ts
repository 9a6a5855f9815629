import { isUtf8 } from 'node:buffer';
import type { TierMode } from '../core/rules/tier-mode';
import { ReleaseError } from '../core/rules/release-error';
import { boundsRefusalOf, strayParameterOf } from './bounds';
import { lastSemicolon, parseSql } from '../grammar/parser';
import type { Parsed, RawStatement } from '../grammar/parser';
import { excerptAt, locatorOf, offsetOfCharacter } from '../grammar/position';
import type { Step } from '../core/schema/step';
import type { Refusal as FaultOfText } from '../read-channel/refusal';
import { readText, refusalOfLiterals } from '../read-channel/text';
import { leavesTransaction, refusalOf, refusalOfRead, refusalOfStep } from './refusals';
import type { Refusal } from './refusals';
import { stepOf } from './step';

/** SQL in memory: a file, or from–to of its bytes. Places in errors and statements are those in the file. */
export interface SqlText {
  readonly path: string;
  readonly bytes: Buffer;
  readonly from?: number;
  readonly to?: number;
}

/** One statement: `text` is exactly the file's bytes from `offset` on (invariant 1), without its semicolon. */
export interface Statement {
  readonly number: number;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** In bytes from the beginning of the file. */
  readonly offset: number;
  /** As PostgreSQL's grammar calls it: `SelectStmt`, `CreateStmt`. */
  readonly kind: string;
  /** How it converges outside a transaction, where it does. */
  readonly step?: Step;
}

/** Parsing holds the worker's only thread, about a second for four MiB: beats and other releases wait meanwhile. */
export const SQL_BYTES_MAX = 8 * 1024 * 1024;

type Verdict = (statement: RawStatement) => Refusal | undefined;

const VERDICTS: Readonly<Record<TierMode, Verdict>> = {
  transaction: (statement) => refusalOf(statement) ?? strayParameterOf(statement),
  autocommit: (statement) => refusalOfStep(statement) ?? strayParameterOf(statement),
  batch: (statement) => refusalOf(statement) ?? boundsRefusalOf(statement),
};

/**
 * Cuts SQL into its statements.
 * @throws ReleaseError SQL_REFUSED with file:line:column and an excerpt, where it holds what One-Roof does not execute
 */
export async function cutStatements(
  sql: SqlText,
  mode: TierMode = 'transaction',
): Promise<readonly Statement[]> {
  const statements = await cut(sql, VERDICTS[mode]);
  if (mode === 'batch' && statements.length !== 1) throw notOne(sql, statements);
  return statements;
}

/**
 * The same for files that only read: what the read channel lets through by text and tree. Whether a target opens the functions of its own
 * that they call, and what their names mean there, is asked where they run.
 */
export async function cutReads(sql: SqlText): Promise<readonly Statement[]> {
  const statements = await cut(sql, (statement) => refusalOf(statement) ?? refusalOfRead(statement));
  for (const statement of statements) {
    const read = readText(statement.text);
    const fault = 'refused' in read ? read.refused : await refusalOfLiterals(statement.text);
    if (fault !== undefined) throw unfit(sql, statement, fault);
  }
  return statements.map((statement) => ({ ...statement, file: sql.path }));
}

/** SQL that is not of a package, cut; `leaves`: a statement in it cannot run in a transaction, or controls one. */
export async function cutForeign(
  sql: SqlText,
): Promise<{ readonly statements: readonly Statement[]; readonly leaves: boolean }> {
  let leaves = false;
  const statements = await cut(sql, (statement) => {
    leaves ||= leavesTransaction(statement);
    return undefined;
  });
  return { statements, leaves };
}

/** A private copy of the file, so that what was verified is what is cut. */
interface Source {
  readonly path: string;
  readonly bytes: Buffer;
  readonly from: number;
  readonly body: Buffer;
}

async function cut(sql: SqlText, verdict: Verdict): Promise<readonly Statement[]> {
  const bytes = Buffer.from(sql.bytes.subarray(0, sql.to));
  const from = sql.from ?? 0;
  const source: Source = { path: sql.path, bytes, from, body: bytes.subarray(from) };
  verifyText(source);
  if (source.body.length > SQL_BYTES_MAX) throw tooLarge(source);
  const parsed = await parseSql(source.body.toString('utf8'));
  if (parsed.verdict === 'too deep') throw tooDeep(source, parsed.cause);
  if (parsed.verdict === 'not SQL') throw await notSql(source, parsed, verdict);
  verifyAllowed(source, parsed.statements, verdict);
  const locate = locatorOf(bytes);
  return parsed.statements.map((raw, index) => {
    const offset = from + raw.offset;
    const step = stepOf(raw);
    const cut = { number: index + 1, text: textOf(source, raw), ...locate(offset), offset, kind: raw.kind };
    return step === undefined ? cut : { ...cut, step };
  });
}

/** The slice of a statement, without the white space behind it: only that which SQL calls so, for it may be a name else. */
function textOf({ body }: Source, { offset, length }: RawStatement): string {
  let end = length === undefined ? body.length : offset + length;
  while (end > offset && WHITE_SPACE.has(body[end - 1])) end--;
  return body.toString('utf8', offset, end);
}

const WHITE_SPACE: ReadonlySet<number | undefined> = new Set(Buffer.from(' \t\n\r\f\v'));

/** Refuses bytes that the parser and the server could read as different texts. */
function verifyText(source: Source): void {
  const { bytes, from } = source;
  const nul = bytes.indexOf(0, from);
  if (nul !== -1) throw refused(source, nul, 'a NUL byte: the parser would stop reading there');
  if (!isUtf8(bytes)) throw refused(source, firstDifference(bytes), 'a byte that is not UTF-8');
  if (bytes.subarray(0, BOM.length).equals(BOM)) {
    throw refused(source, 0, 'a byte order mark. Save the file as UTF-8 without BOM');
  }
}

const BOM = Buffer.from('\uFEFF');

/** Where decoding and encoding again does not give the same bytes. */
function firstDifference(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  return bytes.findIndex((byte, index) => byte !== again[index]);
}

function verifyAllowed(source: Source, statements: readonly RawStatement[], verdict: Verdict): void {
  for (const statement of statements) {
    const refusal = verdict(statement);
    if (refusal !== undefined) throw refused(source, placeOf(source, statement, refusal), refusal.reason);
  }
}

/** The parser notes where a constant begins; a word that is refused stands somewhere in it. */
function placeOf({ body, from }: Source, statement: RawStatement, { location, word }: Refusal): number {
  if (word === undefined) return from + location;
  const end = statement.length === undefined ? undefined : statement.offset + statement.length;
  const behind = body.toString('latin1', location, end).toLowerCase().indexOf(word.toLowerCase());
  return from + location + Math.max(behind, 0);
}

/** What stands before the place is judged first: rows after `COPY … FROM STDIN` are no SQL, but not the mistake. */
async function notSql(source: Source, parsed: NotSql, verdict: Verdict): Promise<ReleaseError> {
  const at = offsetOfCharacter(source.body, parsed.character);
  const before = source.body.toString('utf8', 0, at);
  const whole = source.body.toString('utf8', 0, await lastSemicolon(before));
  const earlier = await parseSql(whole);
  if (earlier.verdict === 'parsed') verifyAllowed(source, earlier.statements, verdict);
  return refused(
    source,
    source.from + at,
    reasonOf(parsed.message, source.body.toString('latin1', at, at + 1)),
  );
}

type NotSql = Extract<Parsed, { verdict: 'not SQL' }>;

function reasonOf(message: string, character: string): string {
  if (character === '\\') return 'a psql meta-command: One-Roof executes plain SQL only';
  if (character === ':') return `${message}: psql variables have no value here`;
  return message;
}

/** Of a read alone: a text that parser and server could read differently, or one too large for the read channel. */
function unfit(
  sql: SqlText,
  { offset }: Statement,
  { construct, reason, location }: FaultOfText,
): ReleaseError {
  const source = { path: sql.path, bytes: sql.bytes, from: 0, body: sql.bytes };
  return refused(source, offset + location, `${construct}: ${reason}`);
}

function notOne(sql: SqlText, statements: readonly Statement[]): ReleaseError {
  const source = { path: sql.path, bytes: sql.bytes, from: 0, body: sql.bytes };
  const reason = `a tier with \`batch\` holds one statement; here are ${statements.length}`;
  return refused(source, statements[1]?.offset ?? sql.from ?? 0, reason);
}

function tooLarge({ path, body }: Source): ReleaseError {
  const size = (body.length / 1024 / 1024).toFixed(1);
  const most = `${SQL_BYTES_MAX / 1024 / 1024} MiB`;
  return new ReleaseError('SQL_REFUSED', `${path}: ${size} MiB of SQL; a tier takes at most ${most}`, {
    hint: 'Cut it into several tiers, each with a file of its own.',
    details: { path },
  });
}

function tooDeep({ path }: Source, cause: unknown): ReleaseError {
  const message = `${path}: an expression is nested too deeply, or the file is too large, for PostgreSQL's parser`;
  return new ReleaseError('SQL_REFUSED', message, { details: { path }, cause });
}

function refused({ path, bytes }: Source, offset: number, reason: string): ReleaseError {
  const { line, column } = locatorOf(bytes)(offset);
  const message = `${path}:${line}:${column}: ${reason}\n${excerptAt(bytes, offset)}`;
  return new ReleaseError('SQL_REFUSED', message, { details: { path, line, column } });
}
