import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { FAILURES } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import type { GoldenOrder, GoldenOutcome } from '../core/schema/golden';
import type { OutcomeError } from '../core/schema/outcome';
import { anywhere, ask } from './asking';
import { GoldenBook } from './golden-book';
import { reset } from './golden-reset';
import { snapshot } from './golden-snapshot';
import { verifyAgainst } from './golden-verification';
import { asOutcomeError, judge } from './verdict';

/** One act on a golden: its snapshot, a look at it, its reset, or its end. One at a time, by the workflow's id. */
export async function golden(order: GoldenOrder): Promise<GoldenOutcome> {
  const book = new GoldenBook(order);
  try {
    await book.prepare();
    return await ACTS[order.act](book);
  } catch (failure) {
    return await CancellationScope.nonCancellable(() => Promise.resolve(book.failed(wordsOf(failure))));
  }
}

const ACTS: Readonly<Record<GoldenOrder['act'], (book: GoldenBook) => Promise<GoldenOutcome>>> = {
  snapshot,
  verify,
  reset,
  retire,
};

/** Only reads. */
async function verify(book: GoldenBook): Promise<GoldenOutcome> {
  const { host, name } = book.order;
  const standing = await book.stage('golden', () =>
    ask(book.atHost.reads.findGolden, `${name}: what is recorded of it`, { host, name }),
  );
  const { record, clone } = standing;
  const { place, digest } = record.snapshot;
  const bytes = await book.stage(
    'snapshot',
    () =>
      ask(book.atHost.long.checkSnapshot, `snapshot ${digest.slice(0, 12)}…: every byte`, { place, digest }),
    (differences) => (differences.length === 0 ? 'as recorded' : 'differs'),
  );
  const problems = bytes.map((difference) => `snapshot: ${difference}`);
  if (standing.is !== 'ours') {
    const why =
      standing.is === 'missing'
        ? 'there is no database of that name'
        : 'the database of that name bears another marker';
    return book.outcome('differs', { record, problems: [why, ...problems] });
  }
  const found = await verifyAgainst(book, clone, record);
  const all = [...problems, ...found.problems];
  const isAsRecorded =
    found.comparison.verdict === 'identical' && found.metrics.length === 0 && all.length === 0;
  return book.outcome(isAsRecorded ? 'as recorded' : 'differs', { record, ...found, problems: all });
}

/** The registry's row first: from then on it may be dropped, and stays as history. */
async function retire(book: GoldenBook): Promise<GoldenOutcome> {
  const { host, name, force } = book.order;
  const { clone, record } = await book.stage('retire', () =>
    ask(book.atHost.reads.retireGolden, `${name}: a golden no more`, { host, name, force }),
  );
  await book.stage('drop', () => ask(book.atHost.long.dropClone, `${name}: by its marker`, { host, clone }));
  await book.stage('snapshot', () =>
    ask(anywhere.removeDump, `snapshot ${record.snapshot.digest.slice(0, 12)}…: removed`, {
      dump: record.snapshot.place,
    }),
  );
  return book.outcome('retired', { record });
}

function wordsOf(failure: unknown): OutcomeError {
  if (!isCancellation(failure)) return asOutcomeError(judge(failure));
  const cancelled = new ReleaseError('ABORTED', "cancelled by Temporal's own cancel");
  return { code: cancelled.code, message: cancelled.message, hint: FAILURES.ABORTED.hint };
}
