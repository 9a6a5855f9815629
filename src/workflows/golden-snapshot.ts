import { CancellationScope } from '@temporalio/workflow';
import { ReleaseError } from '../core/rules/release-error';
import { unmaskedOf } from '../core/rules/resolve-masking';
import type { CloneRef } from '../core/schema/database-ref';
import type { GoldenOutcome, GoldenRecord, KeptClone } from '../core/schema/golden';
import { anywhere, ask } from './asking';
import type { GoldenBook } from './golden-book';
import { readPlan, revalidate } from './golden-verification';
import { isRetryable } from './verdict';

/** Makes a kept clone a golden; of a golden that is as recorded it takes another snapshot. A failed one leaves nothing. */
export async function snapshot(book: GoldenBook): Promise<GoldenOutcome> {
  const { host, name } = book.order;
  const place = `golden-${book.nonce}`;
  const {
    clone,
    kept,
    record: earlier,
  } = await book.stage('kept clone', () =>
    ask(book.atHost.reads.readKeptClone, `${name}: who made it, and is it finalized?`, { host, name }),
  );
  const entry: Entry = { isBegun: false, isDone: false };
  try {
    const plan = await book.stage('audit', () => readPlan(book, kept));
    await book.stage('masking', () => verifyMasked(kept));
    const summary = `${name}: dump, fingerprint and probe of one moment`;
    const taken = await book.stage(
      'snapshot',
      () => ask(book.atHost.long.takeSnapshot, summary, { host, clone, plan, place }),
      ({ snapshot: { digest }, fingerprint: { tables, rows } }) =>
        `${tables} tables, ${rows} rows, digest ${digest.slice(0, 12)}…`,
    );
    const { figures, problems } = await book.stage('revalidate', () => revalidate(book, clone, plan));
    if (problems.length > 0) throw new ReleaseError('EXPECTATION_FAILED', problems.join('; '));
    const record: GoldenRecord = { ...kept, ...taken, figures };
    if (earlier !== null) verifySame(name, earlier, record);
    await enter(book, { clone, record, earlier }, entry);
    return book.outcome('snapshot taken', { record });
  } catch (failure) {
    const mayBeEntered = entry.isDone || (entry.isBegun && isRetryable(failure));
    if (mayBeEntered) throw failure; // the record names this snapshot: without it the golden could never be restored
    await CancellationScope.nonCancellable(() => remove(place));
    throw failure;
  }
}

interface Entry {
  isBegun: boolean;
  isDone: boolean;
}

/** Nobody's cancel comes between: once it is entered, the record names this snapshot and no longer the one before. */
async function enter(
  book: GoldenBook,
  { earlier, ...input }: { clone: CloneRef; record: GoldenRecord; earlier: GoldenRecord | null },
  entry: Entry,
): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    const { host, name } = book.order;
    entry.isBegun = true;
    await book.stage('enter', () =>
      ask(book.atHost.reads.enterGolden, `${name}: a golden from now on`, { host, ...input }),
    );
    entry.isDone = true;
    if (earlier !== null) await remove(earlier.snapshot.place);
  });
}

/** A clone from before its source's policy called a column sensitive holds its values: it is kept by nobody. @throws MASK_MISSING */
async function verifyMasked({ source, masked }: KeptClone): Promise<void> {
  const summary = `${source}: what its policy calls sensitive`;
  const { policy } = await ask(anywhere.describeTarget, summary, { target: source });
  const columns = masked.map(({ column }) => column);
  const unmasked = unmaskedOf(policy.masking?.sensitive ?? [], columns);
  if (unmasked.length === 0) return;
  throw new ReleaseError('MASK_MISSING', `in this clone nothing was masked of ${unmasked.join(', ')}`, {
    hint: 'Rehearse once more with `--keep-as`, and take the snapshot of that clone; drop this one.',
  });
}

/** A golden that somebody has written to is no new truth: its record stays. @throws GOLDEN_DIFFERS */
function verifySame(name: string, before: GoldenRecord, after: GoldenRecord): void {
  const { schema, contents } = before.fingerprint;
  if (schema === after.fingerprint.schema && contents === after.fingerprint.contents) return;
  throw new ReleaseError(
    'GOLDEN_DIFFERS',
    `golden ${name} is not what was recorded: its snapshot stays the one that it has`,
    {
      hint: `\`one-roof golden verify ${name}\` lists the differences, \`one-roof golden reset ${name}\` restores it.`,
    },
  );
}

function remove(place: string): Promise<void> {
  return ask(anywhere.removeDump, `${place}: removed`, { dump: place });
}
