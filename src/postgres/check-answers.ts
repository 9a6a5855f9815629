import type { CheckAnswer } from '../core/schema/evaluated-rehearsal';
import { asReleaseError } from './errors';
import { readPackage } from './package-read';
import type { Session } from './session';

/** A part of a check file, an exact slice of it; `check`: its one name, where that is known without running it. */
export interface AskedCheck {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly check: string | undefined;
}

/** Asks each by itself, in a transaction that is rolled back: one that names what is not there is unreadable, and hides no other. */
export async function answerChecks(
  session: Session,
  asked: readonly AskedCheck[],
): Promise<readonly CheckAnswer[]> {
  const answers: CheckAnswer[] = [];
  for (const check of asked) {
    answers.push(...(await answersTo(session, check)));
  }
  return answers;
}

async function answersTo(session: Session, asked: AskedCheck): Promise<readonly CheckAnswer[]> {
  const { file, line, text, check } = asked;
  try {
    const { rows } = await readPackage(session, { text, file, line }); // by places: branches behind the first have no names
    return rows.map((row) => ({ file, ...answerOf(row) }));
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === undefined) throw error;
    return [{ file, check: check ?? `line ${line}`, answer: 'unreadable', detail: why }];
  }
}

function answerOf([check, ok, detail]: readonly unknown[]): Omit<CheckAnswer, 'file'> {
  return {
    check: String(check),
    answer: ok === true ? 'ok' : 'not ok',
    detail: typeof detail === 'string' ? detail : detail === null ? '' : JSON.stringify(detail),
  };
}

/** The statement itself is at fault: a name that is not there (42, 3F), a value that cannot be (22). All else is a failure to observe. */
function whyUnreadable(error: unknown): string | undefined {
  const { details, message } = asReleaseError(error);
  const state = details['sqlstate'];
  const isItsFault = typeof state === 'string' && /^(42|3F|22)/.test(state) && state !== '42501';
  return isItsFault ? (message.split('\n')[0] ?? '') : undefined;
}
