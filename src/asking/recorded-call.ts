import { createHash, randomUUID } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { ReleaseError } from '../core/rules/release-error';
import type { CallLine, CallRecords } from './call-records';

/** Who asks, and by which road. */
export type Caller = Pick<CallLine, 'who' | 'by' | 'client' | 'tool'>;

/** A call before it is known what becomes of it. */
export type Call = Pick<
  CallLine,
  'call' | 'who' | 'by' | 'client' | 'tool' | 'target' | 'digest' | 'length' | 'text'
>;

/** As much of a text as a statement may have. */
const MOST_TEXT_BYTES = 64 * 1024;
/** Of what a refusal says, which quotes the statement. */
const MOST_WORDS = 500;

export function callOf(caller: Caller, target: string, text: string | Buffer): Call {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const digest = createHash('sha256').update(bytes).digest('hex');
  return {
    call: randomUUID(),
    ...caller,
    target,
    digest,
    length: bytes.length,
    text: bytes.length > MOST_TEXT_BYTES ? null : decoded(text),
  };
}

/** How a call that came to its end is recorded. */
export type End = Pick<CallLine, 'server'> & Partial<Pick<CallLine, 'rows' | 'more' | 'bytes' | 'ms'>>;

export interface Recording<T> {
  readonly records: CallRecords;
  readonly call: Call;
  readonly signal: AbortSignal | undefined;
  readonly endOf: (value: T) => End;
}

/**
 * Records that a call begins, does it, and records how it ended. Nothing is asked that cannot be recorded, nothing is answered whose
 * end cannot be; a call whose process was killed leaves its first line.
 * @throws CALL_NOT_RECORDED
 */
export async function recordedCall<T>(
  { records, call, signal, endOf }: Recording<T>,
  work: () => Promise<T>,
): Promise<T> {
  const append = (end: Omit<CallLine, keyof Call | 'at'> & End): Promise<void> =>
    records.append({ ...call, at: new Date().toISOString(), ...end });
  await append({ server: null, verdict: 'begun' });
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  const done = await work().catch(async (error: unknown) => {
    if (!isUnrecorded(error)) await append({ server: null, ...failureEnd(error, signal), ms: ms() });
    throw error;
  });
  await append({ verdict: 'answered', ms: ms(), ...endOf(done) });
  return done;
}

/** What a failed call is recorded as. The server's words are left out: they may quote rows. */
function failureEnd(
  error: unknown,
  signal: AbortSignal | undefined,
): Pick<CallLine, 'verdict' | 'construct' | 'reason' | 'code'> {
  const { code, details } =
    error instanceof ReleaseError ? error : { code: 'INTERNAL' as const, details: undefined };
  if (code === 'QUERY_REFUSED') {
    const { construct, reason } = { construct: '', reason: '', ...details };
    return { verdict: 'refused', code, construct: words(construct), reason: words(reason) };
  }
  return { verdict: code === 'ABORTED' || signal?.aborted === true ? 'cancelled' : 'failed', code };
}

function isUnrecorded(error: unknown): boolean {
  return error instanceof ReleaseError && error.code === 'CALL_NOT_RECORDED';
}

function words(text: unknown): string {
  return String(text).slice(0, MOST_WORDS);
}

/** null for bytes that are no UTF-8, and for half characters, which JSON would carry and a file cannot. */
function decoded(text: string | Buffer): string | null {
  if (typeof text === 'string') return /\p{Surrogate}/u.test(text) ? null : text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    return null; // no UTF-8
  }
}
