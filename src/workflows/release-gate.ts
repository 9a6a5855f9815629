import { CancellationScope, getExternalWorkflowHandle } from '@temporalio/workflow';
import { monitorId } from '../core/rules/contract';
import { hardQueries } from '../core/rules/effective-gate';
import type { EffectiveGate } from '../core/rules/effective-gate';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import type { Observation } from '../core/schema/observation';
import { anywhere, ask } from './asking';
import { unsubscribeFromGates } from './gate-monitor';
import { observe } from './observe';
import type { ReleaseBook } from './release-book';
import { throwIfStopped } from './release-ending';
import { waitInLine } from './release-line';
import { moveIfDue } from './release-moving';

/** A monitor that died is subscribed to again after this time, so that it strands nobody. */
const SUBSCRIBE_AGAIN_MS = 86_400_000;

/**
 * Waits until people have approved and the hard gates are open, at no cost but a timer.
 * @returns the last look at the target, with its schema before the claim
 * @throws REJECTED, ABORTED, EXPIRED
 */
export async function waitAtGates(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<Observation> {
  const { gatehouse, story } = book;
  const ids = gates.map((gate) => gate.id).join(', ');
  const before = gates[0]?.before ?? '';
  const deadline = book.waitsUntil ?? Date.now() + milliseconds(book.known.target.policy.waitAtMost);
  if (!book.isClaimed) book.waitsUntil = deadline;
  story.show('waiting at gate', ids);
  return story.stage(
    `gate before ${before}`,
    async () => {
      gatehouse.phase = 'at gate';
      story.mark(`gate before ${before}`, 'waiting', ids);
      let seen: Observation;
      try {
        do {
          await subscribe(book, gates);
          await waitUntilOpen(book, gates, deadline);
          if (!book.isClaimed) await letFirstGoFirst(book);
          seen = await lookOnceMore(book, gates);
        } while (!gatehouse.isOpen(gates));
      } finally {
        await unsubscribe(book, gates);
        story.goOn();
      }
      book.waitsUntil = null;
      gatehouse.pass(gates);
      gatehouse.phase = 'running';
      story.show('applying');
      return seen;
    },
    () => `${ids} opened`,
  );
}

async function subscribe(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<void> {
  const named = hardQueries(gates).map(({ gate, opens }) => ({ gate, opens }));
  if (named.length === 0) return;
  const { target, scope, package: pkg } = book.order;
  await ask(anywhere.subscribeToGates, `${target}: its gate monitor tells when a hard gate changes`, {
    target,
    scope,
    package: pkg,
    gates: named,
  });
}

/** The monitor reads for those alone who wait. One that is gone has nothing to be told. */
async function unsubscribe(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<void> {
  if (hardQueries(gates).length === 0) return;
  try {
    const monitor = getExternalWorkflowHandle(monitorId(book.order.target));
    await CancellationScope.nonCancellable(() => monitor.signal(unsubscribeFromGates, book.id));
  } catch {
    book.story.refresh(); // the monitor has ended by itself: that is what was wanted
  }
}

/** Its gate has opened for several at once: all but one stand in line before they look, so that the first can begin. */
async function letFirstGoFirst(book: ReleaseBook): Promise<void> {
  const { leader } = book.line;
  if (!(await book.line.goOn())) return;
  await waitInLine(book, { heldBy: `release ${leader ?? ''} goes first, whose gate has opened too` });
}

async function waitUntilOpen(
  book: ReleaseBook,
  gates: readonly EffectiveGate[],
  deadline: number,
): Promise<void> {
  const { gatehouse } = book;
  while (!gatehouse.isOpen(gates)) {
    throwIfStopped(book);
    const left = deadline - Date.now();
    if (left <= 0)
      throw new ReleaseError(
        'EXPIRED',
        `gate ${gates.map((gate) => gate.id).join(', ')} has not opened within ${book.known.target.policy.waitAtMost}`,
      );
    if (!book.isClaimed) await book.line.rest();
    await moveIfDue(book, () => gatehouse.isOpen(gates));
    tellWaiting(book, gates);
    const summary = `waits for gate ${gates.map((gate) => gate.id).join(', ')}`;
    const heard = gatehouse.acts.length;
    const isNews = (): boolean =>
      gatehouse.isOpen(gates) || gatehouse.stop !== null || gatehouse.acts.length > heard;
    const told = await book.line.untilNews(isNews, { ms: Math.min(left, SUBSCRIBE_AGAIN_MS), summary });
    if (!told) await subscribe(book, gates);
  }
  throwIfStopped(book);
}

function tellWaiting(book: ReleaseBook, gates: readonly EffectiveGate[]): void {
  const ids = gates.map((gate) => gate.id);
  const missing = (): readonly string[] => {
    const lines = book.gatehouse
      .statuses()
      .filter((status) => ids.includes(status.id))
      .flatMap((status) => status.missing);
    return book.gatehouse.paused ? ['a person: it is paused (`one-roof resume`)', ...lines] : lines;
  };
  book.story.wait(missing, [
    'approve or reject: the release goes on when each group has its quorum and the hard gates are open',
    'abort: nothing has been applied since the last tier; what was applied is rolled back',
  ]);
}

/** The monitor's reading may be old by now: one more, directly; before the claim also of the schema that people approved. */
async function lookOnceMore(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<Observation> {
  const queries = hardQueries(gates);
  const schema = book.record.fingerprint.before === null;
  const what = schema ? `${queries.length} hard gates and the schema` : `${queries.length} hard gates`;
  const seen = await observe(book, `${what}, once more`, { gates: queries, schema });
  book.gatehouse.read(seen.readings);
  return seen;
}
