import { ReleaseError } from '../../core/rules/release-error';
import type { Endpoint } from '../endpoint';
import { readOnly } from '../read-only';
import type { Session, SessionSettings } from '../session';
import { CAPS, cappedRead } from './capped-read';
import type { Answer, Caps, ReadOptions } from './capped-read';
import { verifyMeaning } from './meaning/verify-meaning';
import type { Question } from './question';
import { Deadline } from './deadline';
import { readerSettings, verifyReader } from './reader-session';
import { atReader } from './servers';
import type { Answered, Servers } from './servers';
import { TURNS } from './turns';
import type { Turns } from './turns';

/**
 * Reads within the caller's transaction, under a savepoint that is rolled back to: read-only, within the caps' time, and whatever is
 * refused or fails spoils no more than that. `look` still sees what the read has taken, its locks for one. An answer too large, or one
 * that does not come, costs the session.
 * @throws QUERY_REFUSED, ANSWER_TOO_LARGE, QUERY_TOO_LONG, ABORTED, or what the server says
 */
export async function ask(
  session: Session,
  question: Question,
  { look, ...options }: ReadOptions & { readonly look?: (() => Promise<void>) | undefined },
): Promise<Answer> {
  await session.query('savepoint one_roof_read');
  try {
    await session.query(BOUNDED, [String(options.caps.milliseconds)]);
    await verifyMeaning(session, question, options.path);
    const answer = await cappedRead(session, question.read.text, options);
    await look?.();
    return answer;
  } finally {
    await session.query('rollback to savepoint one_roof_read').catch(ignoreLostSession);
    await session.query('release savepoint one_roof_read').catch(ignoreLostSession);
  }
}

const BOUNDED = `
select pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('statement_timeout', $1, true),
       pg_catalog.set_config('jit', 'off', true), pg_catalog.set_config('constraint_exclusion', 'off', true),
       pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)`;

export interface AskOptions {
  readonly caps?: Caps;
  readonly values?: 'text' | 'parsed';
  readonly path?: string;
  readonly signal?: AbortSignal;
  readonly turns?: Turns;
  /** When the read began, by `performance.now()`: from then on its time runs, whatever it waits for. */
  readonly since?: number;
}

/** Whose answer it is. */
export type TargetAnswer = Answer & Omit<Answered<Answer>, 'value'>;

/**
 * Reads in a session that is opened for it and closed after it, as a role that can only read, in a read-only transaction that is rolled
 * back: at the standby where there is one. It needs nothing prepared in the database. All of it has the time of the caps.
 * @throws PRIVILEGE_EXCESS, and all that `ask` does
 */
export async function askTarget(
  servers: Servers,
  question: Question,
  { caps = CAPS, values = 'text', path = 'query', signal, turns = TURNS, since }: AskOptions = {},
): Promise<TargetAnswer> {
  const deadline = new Deadline(since ?? performance.now(), caps.milliseconds);
  const options = { caps, values, path, ...(signal === undefined ? {} : { signal }) };
  const settingsNow = (): SessionSettings => ({
    ...readerSettings(caps.milliseconds, signal),
    connectTimeoutMs: deadline.left(),
  });
  const { value, ...from } = await turns.take(() =>
    atReader(servers, settingsNow, (session) =>
      deadline.over(session, () => askReader(session, question, { ...options, deadline })),
    ),
  );
  return { ...value, ...from };
}

/** The same, of one server. */
export async function askOnce(
  endpoint: Endpoint,
  question: Question,
  options: AskOptions = {},
): Promise<Answer> {
  return await askTarget({ primary: endpoint }, question, options);
}

async function askReader(
  session: Session,
  question: Question,
  { deadline, ...options }: ReadOptions & { readonly deadline: Deadline },
): Promise<Answer> {
  const { value, mutations } = await readOnly(
    session,
    async () => {
      await verifyReader(session);
      await verifyMeaning(session, question, options.path);
      const milliseconds = deadline.left();
      await session.query(LIMITED, [String(milliseconds)]);
      return await cappedRead(session, question.read.text, {
        ...options,
        caps: { ...options.caps, milliseconds },
      });
    },
    'one',
  );
  if (mutations > 0) throw new ReleaseError('INTERNAL', 'a read was given a transaction id: it has written');
  return value;
}

const LIMITED = `select pg_catalog.set_config('statement_timeout', $1, true)`;

/** When the session is lost the read has thrown already; a second error would hide the first. */
function ignoreLostSession(): void {
  return undefined;
}
