import { DatabaseError } from 'pg';
import type { FieldDef, QueryResult } from 'pg';
import Cursor from 'pg-cursor';
import { ReleaseError } from '../../core/rules/release-error';
import { destroySocket, socketOf } from '../cancellation';
import { asReleaseError } from '../errors';
import { GRACE_MS } from './deadline';
import type { Session } from '../session';

/** How much of an answer is taken, and how long it is waited for. */
export interface Caps {
  readonly rows: number;
  /** Of the protocol, as they arrive at the socket. */
  readonly bytes: number;
  readonly milliseconds: number;
}

export const CAPS: Caps = { rows: 10_000, bytes: 16 * 1024 * 1024, milliseconds: 5_000 };

export interface ReadOptions {
  readonly caps: Caps;
  /** text: as the server writes them; parsed: as every other query of One-Roof gets them. */
  readonly values: 'text' | 'parsed';
  /** How refusals and errors name the text: `query`, or a file. */
  readonly path?: string;
  readonly signal?: AbortSignal;
}

export interface Column {
  readonly name: string;
  /** As `format_type` writes it; the type's number where values are parsed, for nobody is shown it. */
  readonly type: string;
}

export interface Answer {
  /** Two may bear one name: values are found by place. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** There are more rows than the cap. */
  readonly more: boolean;
  readonly bytes: number;
  readonly ms: number;
}

/**
 * Runs one statement in the session's transaction, in the extended protocol, and takes no more of its answer than the caps allow.
 * Where an answer is too large or too late the session is cut: it is of no further use. One row more than the cap is asked for, and the
 * server computes no more than that.
 * @throws ANSWER_TOO_LARGE, QUERY_TOO_LONG, ABORTED, or what the server says with line, column and caret
 */
export async function cappedRead(session: Session, text: string, options: ReadOptions): Promise<Answer> {
  const { caps } = options;
  const begun = performance.now();
  const watch = new Watch(session, caps);
  try {
    const { rows, fields } = await fetchRows(session, text, options);
    const [bytes, ms] = [watch.bytes, performance.now() - begun];
    watch.end();
    const kept = rows.slice(0, caps.rows);
    return {
      columns: options.values === 'text' ? await columnsOf(session, fields) : numbered(fields),
      rows: kept,
      more: rows.length > kept.length,
      bytes,
      ms,
    };
  } catch (error) {
    throw watch.reason ?? whyFailed(error, { text, options, ms: performance.now() - begun });
  } finally {
    watch.end();
  }
}

/** Looks at the socket and at the clock while a statement runs, and cuts the session where a cap is passed. */
class Watch {
  bytes = 0;
  reason: ReleaseError | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly count = ({ length }: Buffer): void => {
    this.bytes += length;
    if (this.bytes > this.caps.bytes)
      this.cut('ANSWER_TOO_LARGE', `the answer has more than ${inWords(this.caps.bytes)}`);
  };

  constructor(
    private readonly session: Session,
    private readonly caps: Caps,
  ) {
    this.timer = setTimeout(
      () => this.cut('QUERY_TOO_LONG', `the server had not answered after ${caps.milliseconds} ms`),
      caps.milliseconds + GRACE_MS,
    );
    socketOf(session.client)?.on('data', this.count);
  }

  end(): void {
    clearTimeout(this.timer);
    socketOf(this.session.client)?.off('data', this.count);
  }

  private cut(code: 'ANSWER_TOO_LARGE' | 'QUERY_TOO_LONG', message: string): void {
    if (this.reason !== undefined) return;
    this.reason = new ReleaseError(code, message);
    destroySocket(this.session.client);
  }
}

interface Fetched {
  readonly rows: readonly (readonly unknown[])[];
  readonly fields: readonly FieldDef[];
}

function fetchRows({ client }: Session, text: string, { caps, values }: ReadOptions): Promise<Fetched> {
  const asText = { types: { getTypeParser: () => (value: string) => value } };
  const cursor = client.query(
    new Cursor<readonly unknown[]>(text, [], { rowMode: 'array', ...(values === 'text' ? asText : {}) }),
  );
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      client.off('end', onLost);
      end();
    };
    const onLost = (): void => reject(new Error('the connection ended')); // a cursor that is being closed does not hear of it
    client.once('end', onLost);
    cursor.read(caps.rows + 1, (error, rows, result: QueryResult | undefined) => {
      const fail = (why: unknown): void => settle(() => reject(asError(why)));
      if (error instanceof Error) fail(error);
      else cursor.close().then(() => settle(() => resolve({ rows, fields: result?.fields ?? [] })), fail);
    });
  });
}

function asError(why: unknown): Error {
  return why instanceof Error ? why : new Error(String(why));
}

const TYPE_NAMES = `
select pg_catalog.format_type(t.type, t.modifier) as name
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[])) with ordinality t(type, modifier, place)
 order by t.place`;

async function columnsOf(session: Session, fields: readonly FieldDef[]): Promise<readonly Column[]> {
  if (fields.length === 0) return [];
  const values = [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)];
  const { rows } = await session.query(TYPE_NAMES, values);
  return fields.map(({ name }, place) => ({ name, type: String(rows[place]?.['name']) }));
}

function numbered(fields: readonly FieldDef[]): readonly Column[] {
  return fields.map(({ name, dataTypeID }) => ({ name, type: String(dataTypeID) }));
}

interface Failed {
  readonly text: string;
  readonly options: ReadOptions;
  readonly ms: number;
}

/** A cancel of the server's is told from a person's by what has happened here: its words may be in any language. */
function whyFailed(error: unknown, { text, options, ms }: Failed): ReleaseError {
  const { caps, path = 'query', signal } = options;
  if (signal?.aborted === true)
    return new ReleaseError('ABORTED', 'the read was cancelled', { cause: error });
  if (error instanceof DatabaseError && error.code === '57014' && ms > caps.milliseconds * 0.9)
    return new ReleaseError('QUERY_TOO_LONG', `the server gave it up after ${caps.milliseconds} ms`);
  return asReleaseError(error, { file: path, line: 1, column: 1, number: 1, text });
}

function inWords(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`;
}
