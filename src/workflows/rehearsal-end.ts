import { allHandlersFinished, condition, isCancellation, sleep } from '@temporalio/workflow';
import { FAILURES } from '../core/rules/failures';
import type { OutcomeError, RehearsalOutcome } from '../core/schema/outcome';
import { anywhere, ask } from './asking';
import type { RehearsalBook } from './rehearsal-book';
import { dumpName } from './rehearsal-clone';
import { asOutcomeError, judge } from './verdict';

/** Whatever happened: the clone is dropped, what is left is named, and it is written down. */
export async function finish(
  book: RehearsalBook,
  error: OutcomeError | undefined,
): Promise<RehearsalOutcome> {
  const cleaned = error === undefined ? undefined : await clean(book);
  await stored(book, () => ask(anywhere.removeDump, 'the dump: removed', { dump: dumpName(book) }));
  book.record.clonesLeft = await clonesLeft(book);
  const outcome =
    error === undefined
      ? 'rehearsed'
      : book.stopped === null && error.code !== 'ABORTED'
        ? 'failed'
        : 'aborted';
  const said =
    error === undefined || cleaned === undefined
      ? error
      : { ...error, message: `${error.message}\n${cleaned}` };
  const stated = book.outcome(outcome, said);
  const evidence = await stored(book, () =>
    ask(anywhere.recordEvidence, `${outcome}: signed and kept`, { outcome: stated }),
  );
  book.record.evidence = evidence.digest;
  book.story.show(outcome);
  await condition(allHandlersFinished);
  return book.outcome(outcome, said);
}

/** What must be stored is tried until it is; nothing of the rehearsal is lost meanwhile, and the UI says what it waits for. */
async function stored<T>({ story }: RehearsalBook, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      const { code, message } = judge(failure);
      story.wait(() => [`the store: ${code}: ${message}; it is tried again every minute`]);
      await sleep('1m', { summary: `store: again after ${code}` });
      story.goOn();
    }
  }
}

/** After a failure. @returns what could not be cleaned up, in words */
async function clean(book: RehearsalBook): Promise<string | undefined> {
  if (book.record.clone === null || book.record.clone === book.order.keepAs) return undefined;
  try {
    await dropClone(book);
    return undefined;
  } catch (failure) {
    return `the clone could not be dropped: ${judge(failure).message}`; // reported beside the failure that came first
  }
}

async function clonesLeft(book: RehearsalBook): Promise<string[]> {
  if (book.record.clone === null) return [];
  try {
    const left = await ask(
      book.known.atHost.reads.listClonesLeft,
      `${book.order.cloneHost}: databases of this rehearsal`,
      { host: book.order.cloneHost },
    );
    return left.filter((name) => name !== book.order.keepAs);
  } catch {
    return [book.record.clone]; // the host cannot be asked: what was made must be taken for left
  }
}

/** By the guard of invariant 8. */
export async function dropClone(book: RehearsalBook): Promise<void> {
  const { order, clone } = book;
  await book.story.stage('drop', () =>
    ask(book.known.atHost.long.dropClone, `${clone.name}: by its marker`, {
      host: order.cloneHost,
      clone,
    }),
  );
}

/** Why it failed or was stopped. */
export function wordsOf(book: RehearsalBook, failure: unknown): OutcomeError {
  if (book.stopped !== null) return { code: 'ABORTED', message: book.stopped, hint: FAILURES.ABORTED.hint };
  if (isCancellation(failure))
    return { code: 'ABORTED', message: "cancelled by Temporal's own cancel", hint: FAILURES.ABORTED.hint };
  return asOutcomeError(judge(failure));
}
