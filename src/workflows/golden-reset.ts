import { CancellationScope } from '@temporalio/workflow';
import { ReleaseError } from '../core/rules/release-error';
import type { CloneRef } from '../core/schema/database-ref';
import type { GoldenOutcome, GoldenRecord } from '../core/schema/golden';
import { ask } from './asking';
import type { GoldenBook } from './golden-book';
import { verifyAgainst, wordsOf } from './golden-verification';
import { judge } from './verdict';

/**
 * Restores a golden from its snapshot: a new database is made, verified against the record, put in its place by one
 * transaction, and only then the old one is dropped. Before the swap a failure leaves the old one as it was.
 */
export async function reset(book: GoldenBook): Promise<GoldenOutcome> {
  const { host, name, force } = book.order;
  const { clone: old, record } = await book.stage('golden', () =>
    ask(book.atHost.reads.findGolden, `${name}: what is recorded of it`, { host, name }),
  );
  await book.stage('prepare', () =>
    ask(book.atHost.long.prepareReset, `${name}: who is in it, and what an earlier reset left`, {
      host,
      name,
      force,
    }),
  );
  const fresh: CloneRef = {
    name: `${name.slice(0, 40)}_reset_${book.nonce.slice(0, 12)}`,
    nonce: book.nonce,
  };
  let doomed: CloneRef;
  try {
    await book.stage('restore', () =>
      ask(book.atHost.long.restoreGolden, `${fresh.name}: of the snapshot alone`, {
        host,
        clone: fresh,
        record,
      }),
    );
    await verifyFresh(book, fresh, record);
    doomed = await book.stage('swap', () => swap(book, old, fresh));
  } catch (failure) {
    return await CancellationScope.nonCancellable(() => giveUp(book, fresh, failure));
  }
  const left = await CancellationScope.nonCancellable(() => drop(book, doomed));
  return book.outcome('reset', { record, databasesLeft: left });
}

/** @returns the old one by the name that it has then */
async function swap({ order, atHost }: GoldenBook, old: CloneRef, fresh: CloneRef): Promise<CloneRef> {
  const summary = `${order.name}: ${fresh.name} takes its place`;
  const name = await ask(atHost.reads.swapGolden, summary, { ...order, old, fresh });
  return { name, nonce: old.nonce };
}

/** @throws GOLDEN_DIFFERS naming each difference: such a database never becomes the golden */
async function verifyFresh(book: GoldenBook, fresh: CloneRef, record: GoldenRecord): Promise<void> {
  const found = await verifyAgainst(book, fresh, record);
  const words = wordsOf(found);
  if (found.comparison.verdict === 'identical' && words.length === 0) return;
  throw new ReleaseError(
    'GOLDEN_DIFFERS',
    `restored from its snapshot, it is not what was recorded: ${words.join('; ')}`,
    {
      hint: 'The golden is as it was before. Other versions, roles or extensions on the clone host than at the snapshot explain most differences.',
    },
  );
}

/** The golden stays; what was made is dropped. Where the swap had taken effect and only its answer was lost, the drop is refused: it is the golden. */
async function giveUp(book: GoldenBook, fresh: CloneRef, failure: unknown): Promise<GoldenOutcome> {
  const { code, message, hint } = judge(failure);
  const left = await drop(book, fresh);
  return book.failed({ code, message, hint }, left);
}

/** By the guard of invariant 8. @returns what is left where it cannot be done: the next reset clears it */
async function drop(book: GoldenBook, clone: CloneRef): Promise<string[]> {
  const { host } = book.order;
  try {
    await book.stage('drop', () =>
      ask(book.atHost.long.dropClone, `${clone.name}: by its marker`, { host, clone }),
    );
    return [];
  } catch {
    return [clone.name]; // the stage says why
  }
}
