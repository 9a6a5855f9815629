import type { Target } from '../core/schema/target';
import { askOnce } from '../postgres/channel/ask';
import { CAPS } from '../postgres/channel/capped-read';
import { resolveEndpoint } from '../postgres/endpoint';
import type { Environment } from '../postgres/endpoint';
import { judgeRead } from '../read-channel/judge';
import type { PermittedRead } from '../read-channel/permitted-read';
import type { Answer } from './answer';
import type { CallRecords } from './call-records';
import { callOf, recordedCall } from './recorded-call';
import type { Caller } from './recorded-call';

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
}

/**
 * The one road from a text to its answer: recorded, judged, asked in a session of its own, which is gone before the answer is here.
 * @throws CALL_NOT_RECORDED, QUERY_REFUSED, ANSWER_TOO_LARGE, QUERY_TOO_LONG, ABORTED, and what the server says
 */
export async function ask(asker: Asker, question: Question): Promise<Answer> {
  const { caller, targetOf, records, signal } = asker;
  const target = targetOf(question.target);
  const call = callOf(caller, question.target, question.text);
  return await recordedCall(records, { call, signal }, async () => {
    const read = await judgeRead(question.text, target.readChannel, question.path);
    const answer = await askTarget(asker, target, { ...question, read });
    return { ...answer, target: question.target, digest: call.digest };
  });
}

async function askTarget(
  { environment, signal }: Asker,
  { connection, roles, readChannel }: Target,
  { read, rows, path = 'query' }: Question & { readonly read: PermittedRead },
): Promise<Omit<Answer, 'target' | 'digest'>> {
  const endpoint = await resolveEndpoint(connection, roles.reader, environment);
  const told = await askOnce(
    endpoint,
    { read, opened: readChannel },
    { caps: { ...CAPS, rows }, path, ...(signal === undefined ? {} : { signal }) },
  );
  const cells = told.rows.map((row) => row.map((value) => (typeof value === 'string' ? value : null)));
  return { ...told, rows: cells, ms: Math.round(told.ms), server: 'primary' };
}
