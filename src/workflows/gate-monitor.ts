import {
  CancellationScope,
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { MONITOR } from '../core/rules/contract';
import { isKeeper, isSubscription } from '../core/rules/payload-guard';
import type { GateReading } from '../core/schema/attempt';
import type { MonitorState } from '../core/schema/monitor';
import { ask, at, watching } from './asking';
import { MonitorMemory } from './monitor-memory';
import type { MonitorCarry, News, Subscription } from './monitor-memory';
import { monitorDetails, tellAlarm, tellAnomalies, tellChanges } from './monitor-news';
import { judge } from './verdict';

export type { Subscription } from './monitor-memory';

export interface MonitorOrder {
  readonly target: string;
  readonly queue: string;
  /** A duration: how often the gates are read. */
  readonly every: string;
  readonly subscriptions: readonly Subscription[];
  readonly carried?: MonitorCarry;
}

/** Readings for a release that waits; where they open it for several at once, which of them goes first. */
export const gateReadings = defineSignal<[readonly GateReading[], string?]>('gateReadings');
const subscribe = defineSignal<[Subscription]>('subscribe');
/** A release that waits no more. */
export const unsubscribeFromGates = defineSignal<[string]>('unsubscribe');

/** One watch lasts so long; between two of them it looks for anomalies. */
const WATCH_MS = 300_000;
/** However much happens: a watch begins, and a release is told something, at most once in this time. */
const CALM_MS = 1_000;
/** All are told again after this time, whatever has changed: whoever was terminated is found gone and forgotten. */
const TELL_AGAIN_MS = 86_400_000;
/** A target that cannot be watched at all is tried again after this time. */
const TRY_AGAIN_MS = 30_000;
/** A run's history stays below this; then the monitor goes on in a new one. */
const MOST_EVENTS = 1_200;
const MOST_BYTES = 600_000;

/**
 * One a target, whoever waits: reads each distinct gate once a round, remembers and tells changes, opens nothing. It ends when
 * nobody waits and nobody wants it to go on.
 */
export async function gateMonitor(order: MonitorOrder): Promise<void> {
  const memory = new MonitorMemory(order.target, order.subscriptions, order.carried);
  const ears = listen(memory);
  let startedAt = 0;
  let lookedAt = memory.keeper === null ? Date.now() : 0; // who waits for minutes needs no look at once
  let toldSince = Date.now();
  while (memory.isNeeded) {
    const calm = startedAt + CALM_MS - Date.now();
    if (calm > 0) await sleep(calm);
    ears.isNews = false;
    startedAt = Date.now();
    if (startedAt - toldSince > TELL_AGAIN_MS) {
      memory.told.clear();
      toldSince = startedAt;
    }
    if ((await watch(order, memory, ears)) === 'interrupted') continue;
    await tell(memory);
    if (Date.now() - lookedAt >= WATCH_MS) {
      lookedAt = Date.now();
      await lookForAnomalies(order, memory);
    }
    setCurrentDetails(monitorDetails(memory.state));
    if (isLong()) await goOn(order, memory);
  }
  await condition(allHandlersFinished);
}

interface Ears {
  isNews: boolean;
}

function listen(memory: MonitorMemory): Ears {
  const ears: Ears = { isNews: false };
  const heard = (): void => {
    ears.isNews = true;
  };
  setHandler(defineQuery<MonitorState>(MONITOR.query), () => memory.state);
  setHandler(subscribe, (each: unknown) => {
    if (!isSubscription(each)) return;
    memory.subscribe(each);
    heard();
  });
  setHandler(unsubscribeFromGates, (release) => {
    memory.unsubscribe(release);
    heard();
  });
  setHandler(defineSignal<[unknown]>(MONITOR.keep), (keeper: unknown) => {
    if (!isKeeper(keeper)) return;
    memory.keeper = keeper;
    heard();
  });
  setHandler(defineSignal(MONITOR.stop), () => {
    memory.keeper = null;
    heard();
  });
  return ears;
}

/**
 * Until a gate changes, somebody comes or goes, or the watch is over; who has just come is read for at once, whoever else comes
 * meanwhile. A target that cannot be watched is closed, and says why.
 */
async function watch(
  { target, queue, every }: MonitorOrder,
  memory: MonitorMemory,
  ears: Ears,
): Promise<'read' | 'interrupted'> {
  const { asked } = memory;
  if (asked.length === 0) return 'read';
  const known = memory.news.length > 0 ? null : memory.known;
  const scope = new CancellationScope();
  const summary = `${target}: hard gates of ${asked.length} packages, for ${memory.waiting.size} who wait`;
  const input = { target, asked, known, every, forMs: WATCH_MS };
  const watched = scope.run(() => ask(watching(queue).watchGates, summary, input));
  if (known !== null)
    void condition(() => ears.isNews).then(
      () => scope.cancel(),
      () => undefined, // the monitor itself was cancelled
    );
  try {
    const seen = await watched;
    const changes = memory.take(asked, seen);
    if (seen.notifies) tellChanges({ target, queue }, memory, changes);
    if (seen.notifies) tellAlarm({ target, queue }, memory, seen.alarmAfterMs);
  } catch (error) {
    if (isCancellation(error) && scope.consideredCancelled && ears.isNews) return 'interrupted';
    if (isCancellation(error)) throw error;
    const { message } = judge(error); // fails closed: an unreadable gate is a closed gate
    const answers = asked.map(() => ({ readings: [], unreadable: message }));
    memory.take(asked, { answers, rounds: 0, readAt: new Date().toISOString() });
    await condition(() => ears.isNews, TRY_AGAIN_MS, { summary: `${target}: cannot be watched` });
  }
  return 'read';
}

/**
 * Tells whoever has not heard the facts as they are; one that is gone is forgotten. Where a gate has opened for several, the one
 * that goes first hears it first, so that it is ready when the others come to stand behind it.
 */
async function tell(memory: MonitorMemory): Promise<void> {
  const leader = await tellLeader(memory);
  await Promise.all(memory.news.map((each) => tellOne(memory, each, isOpened(each) ? leader : undefined)));
}

/** @returns the first of those whose gates have opened that is still there */
async function tellLeader(memory: MonitorMemory): Promise<string | undefined> {
  for (const each of memory.news.filter(isOpened)) if (await tellOne(memory, each)) return each.release;
  return undefined;
}

/** @returns whether it was still there */
async function tellOne(
  memory: MonitorMemory,
  { name, release, readings, fact }: News,
  leader?: string,
): Promise<boolean> {
  const follows = leader === undefined || leader === release ? [] : ([leader] as const);
  try {
    await getExternalWorkflowHandle(release).signal(gateReadings, readings, ...follows);
    if (memory.waiting.has(name)) memory.told.set(name, fact);
    return true;
  } catch {
    memory.forget(name); // it has ended: nobody is left to tell
    return false;
  }
}

function isOpened({ readings }: News): boolean {
  return readings.every(({ open }) => open);
}

/** What cannot be looked for is no anomaly: the gates' own unreadability is told. */
async function lookForAnomalies({ target, queue }: MonitorOrder, memory: MonitorMemory): Promise<void> {
  const { asked, figures } = memory;
  try {
    const read = await ask(at(queue).reads.readAnomalies, `${target}: what a release would not like`, {
      target,
      asked,
      figures,
    });
    const fresh = memory.takeAnomalies(read, new Date().toISOString());
    if (fresh.length > 0) tellAnomalies({ target, queue }, memory, fresh);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

function isLong(): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > MOST_EVENTS || historySize > MOST_BYTES;
}

async function goOn(order: MonitorOrder, memory: MonitorMemory): Promise<void> {
  await condition(allHandlersFinished);
  const again = makeContinueAsNewFunc<typeof gateMonitor>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
  await again({ ...order, subscriptions: [...memory.waiting.values()], carried: memory.carry });
}
