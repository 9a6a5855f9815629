import { ReleaseError } from '../core/rules/release-error';
import type { Target } from '../core/schema/target';
import { askTarget } from '../postgres/channel/ask';
import { CAPS } from '../postgres/channel/capped-read';
import { resolveEndpoint } from '../postgres/endpoint';
import type { Environment } from '../postgres/endpoint';
import { judgeRead } from '../read-channel/judge';
import type { PermittedRead } from '../read-channel/permitted-read';
import type { Answer } from './answer';
import type { CallRecords } from './call-records';
import { callOf, recordedCall } from './recorded-call';
import type { Caller, End } from './recorded-call';

/** Who asks, where answers come from, and where that is recorded. */
export interface Asker {
  readonly caller: Caller;
  readonly targetOf: (name: string) => Target;
  readonly environment: Environment;
  readonly records: CallRecords;
  /** Cancels on the server when it fires. */
  readonly signal?: AbortSignal;
}

export interface Question {
  readonly target: string;
  /** As it came, before anything was made of it. */
  readonly text: string | Buffer;
  /** How places in it are named: a file, else `query`. */
  readonly path?: string;
  /** As many rows at most; that there are more is told. */
  readonly rows: number;
  /** As many bytes at most, and no more than the channel takes anyway; what is larger is no answer. */
  readonly bytes?: number;
}

/**
 * The one road from a text to its answer: recorded, judged, asked in a session of its own, which is gone before the answer is here.
 * @throws CALL_NOT_RECORDED, QUERY_REFUSED, ANSWER_TOO_LARGE, QUERY_TOO_LONG, ABORTED, and what the server says
 */
export async function ask(asker: Asker, question: Question): Promise<Answer> {
  const { caller, targetOf, records, signal } = asker;
  const since = performance.now();
  const target = targetOf(question.target);
  const call = callOf(caller, question.target, question.text);
  return await recordedCall({ records, call, signal, endOf }, async () => {
    const read = await judgeRead(question.text, target.readChannel, question.path);
    const answer = await askServers(asker, target, { ...question, read, since });
    return { ...answer, target: question.target, digest: call.digest };
  });
}

function endOf({ server, rows, more, bytes, ms }: Answer): End {
  return { server, rows: rows.length, more, bytes, ms };
}

async function askServers(
  { environment, signal }: Asker,
  { connection, roles: { reader }, readChannel }: Target,
  {
    read,
    since,
    rows,
    bytes = CAPS.bytes,
    path = 'query',
  }: Question & { readonly read: PermittedRead; readonly since: number },
): Promise<Omit<Answer, 'target' | 'digest'>> {
  const { standby } = readChannel;
  const servers = {
    primary: await resolveEndpoint(connection, reader, environment),
    ...(standby === undefined ? {} : { standby: await resolveEndpoint(standby, reader, environment) }),
  };
  const caps = { ...CAPS, rows, bytes };
  const options = { caps, path, since, ...(signal === undefined ? {} : { signal }) };
  const told = await askTarget(servers, { read, opened: readChannel }, options).catch(forAsker);
  const cells = told.rows.map((row) => row.map((value) => (typeof value === 'string' ? value : null)));
  return { ...told, rows: cells, ms: Math.round(told.ms) };
}

/** What to do about a failure, for those who ask: the table of failures speaks to those who release. */
const HINTS: Readonly<Record<string, string>> = {
  STATEMENT_FAILED: 'Correct the statement at the place that is named.',
  LOCK_TIMEOUT: 'Another session holds a table that is read; ask again.',
  SERIALIZATION: 'Two transactions met; ask again.',
  ABORTED: 'It was cancelled on the server, and nothing of the answer was kept.',
  SESSION_LOST: 'The connection or the server ended; ask again.',
};

function forAsker(error: unknown): never {
  const hint = error instanceof ReleaseError ? HINTS[error.code] : undefined;
  if (!(error instanceof ReleaseError) || hint === undefined) throw error;
  const { code, message, details, cause } = error;
  throw new ReleaseError(code, message, { hint, details, cause });
}
