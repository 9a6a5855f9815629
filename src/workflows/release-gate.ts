import { CancellationScope, condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { monitorId } from '../core/rules/contract';
import { hardQueries } from '../core/rules/effective-gate';
import type { EffectiveGate } from '../core/rules/effective-gate';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import { anywhere, ask } from './asking';
import { unsubscribeFromGates } from './gate-monitor';
import type { ReleaseBook } from './release-book';

/** A monitor that died is subscribed to again after this time, so that it strands nobody. */
const SUBSCRIBE_AGAIN_MS = 86_400_000;

/**
 * Waits until people have approved and the hard gates are open, at no cost but a timer.
 * @throws REJECTED, ABORTED, EXPIRED
 */
export async function waitAtGates(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<void> {
  const { gatehouse, story } = book;
  const ids = gates.map((gate) => gate.id).join(', ');
  const before = gates[0]?.before ?? '';
  const deadline = Date.now() + milliseconds(book.known.target.policy.waitAtMost);
  story.show('waiting at gate', ids);
  await story.stage(
    `gate before ${before}`,
    async () => {
      gatehouse.phase = 'at gate';
      story.mark(`gate before ${before}`, 'waiting', ids);
      try {
        do {
          await subscribe(book, gates);
          await waitUntilOpen(book, gates, deadline);
        } while (!(await isReallyOpen(book, gates)));
      } finally {
        await unsubscribe(book, gates);
        story.goOn();
      }
      gatehouse.pass(gates);
      gatehouse.phase = 'running';
      story.show('applying');
    },
    () => `${ids} opened`,
  );
}

async function subscribe(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<void> {
  const queries = hardQueries(gates);
  if (queries.length === 0) return;
  const target = book.order.target;
  await ask(anywhere.subscribeToGates, `${target}: its gate monitor tells when a hard gate changes`, {
    target,
    gates: queries,
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
    tellWaiting(book, gates);
    const summary = `waits for gate ${gates.map((gate) => gate.id).join(', ')}`;
    const isNews = (): boolean => gatehouse.isOpen(gates) || gatehouse.stop !== null;
    const told = await condition(isNews, Math.min(left, SUBSCRIBE_AGAIN_MS), { summary });
    if (!told) await subscribe(book, gates);
  }
  throwIfStopped(book);
}

/** @throws what a person has ended the release with */
export function throwIfStopped({ gatehouse }: ReleaseBook): void {
  const stop = gatehouse.stop;
  if (stop === null) return;
  throw new ReleaseError(stop.outcome === 'rejected' ? 'REJECTED' : 'ABORTED', `${stop.who}: ${stop.reason}`);
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

/** The monitor's reading may be old by now: one more, directly. */
async function isReallyOpen(book: ReleaseBook, gates: readonly EffectiveGate[]): Promise<boolean> {
  const queries = hardQueries(gates);
  if (queries.length === 0) return true;
  const target = book.order.target;
  const read = await ask(
    book.known.place.reads.readGates,
    `${target}: ${queries.length} hard gates, once more`,
    { database: { target }, gates: queries },
  );
  book.gatehouse.read(read.readings);
  if (book.record.fingerprint.before === null) book.record.mutations.beforeGate += read.mutations;
  return book.gatehouse.isOpen(gates);
}
