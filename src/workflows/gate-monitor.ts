import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  defineSignal,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { milliseconds } from '../core/rules/milliseconds';
import type { GateQuery, GateReading } from '../core/schema/attempt';
import type { GatesAnswer } from '../core/schema/observation';
import type { PackageRef } from '../core/schema/plan';
import { ask, at } from './asking';
import { isSubscription } from '../core/rules/payload-guard';
import { judge } from './verdict';

/**
 * A release that waits, and the gates that it waits for. What is read follows from the package in the store and the target's
 * policy: a signal can carry names, never SQL.
 */
export interface Subscription {
  readonly release: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly gates: readonly Pick<GateQuery, 'gate' | 'opens'>[];
}

export interface MonitorOrder {
  readonly target: string;
  readonly queue: string;
  /** A duration: how often the gates are read. */
  readonly every: string;
  readonly subscriptions: readonly Subscription[];
}

/** Readings for a release that waits. */
export const gateReadings = defineSignal<[readonly GateReading[]]>('gateReadings');
const subscribe = defineSignal<[Subscription]>('subscribe');
/** A release that waits no more. */
export const unsubscribeFromGates = defineSignal<[string]>('unsubscribe');

/** All are told again after this time, whatever has changed: whoever was terminated is found gone and forgotten. */
const TELL_AGAIN_MS = 86_400_000;

/** One a target, whoever waits: reads each distinct gate once a round, tells changes, opens nothing. Ends when nobody waits. */
export async function gateMonitor(order: MonitorOrder): Promise<void> {
  const waiting = new Map(order.subscriptions.map((each) => [nameOf(each), each]));
  const told = new Map<string, string>();
  let isNews = false;
  let toldSince = Date.now();
  setHandler(subscribe, (each: unknown) => {
    if (!isSubscription(each)) return;
    waiting.set(nameOf(each), each);
    told.delete(nameOf(each));
    isNews = true;
  });
  setHandler(unsubscribeFromGates, (release) => {
    for (const each of [...waiting.values()]) if (each.release === release) waiting.delete(nameOf(each));
    isNews = true;
  });
  while (waiting.size > 0) {
    isNews = false;
    if (Date.now() - toldSince > TELL_AGAIN_MS) {
      told.clear();
      toldSince = Date.now();
    }
    const readings = await readRound(order, [...waiting.values()]);
    for (const each of [...waiting.values()]) await tell(each, { readings, told, waiting });
    setCurrentDetails(details(order.target, readings, waiting.size));
    await condition(() => isNews, milliseconds(order.every), {
      summary: `${order.target}: ${waiting.size} waiting`,
    });
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      const again = makeContinueAsNewFunc<typeof gateMonitor>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
      await again({ ...order, subscriptions: [...waiting.values()] });
    }
  }
  await condition(allHandlersFinished);
}

/** What each package, in each scope, was answered. */
type Readings = ReadonlyMap<string, GatesAnswer>;

async function readRound(order: MonitorOrder, waiting: readonly Subscription[]): Promise<Readings> {
  const distinct = new Map(
    waiting.map((each) => [keyOf(each), { package: each.package, scope: each.scope }]),
  );
  const asked = [...distinct.values()];
  const answers = await readOrClose(order, asked);
  return new Map(
    [...distinct.keys()].map((key, index) => [key, answers[index] ?? closed('it was not answered')]),
  );
}

async function readOrClose(
  order: MonitorOrder,
  asked: readonly Pick<Subscription, 'package' | 'scope'>[],
): Promise<readonly GatesAnswer[]> {
  try {
    const { target } = order;
    const summary = `${target}: hard gates of ${asked.length} packages`;
    return (await ask(at(order.queue).reads.readGates, summary, { target, asked })).answers;
  } catch (error) {
    const { message } = judge(error); // fails closed: an unreadable gate is a closed gate
    return asked.map(() => closed(message));
  }
}

function closed(unreadable: string): GatesAnswer {
  return { readings: [], unreadable };
}

/** What a release is told of its gates; one that was not read is closed, and says why. */
function answerTo({ gates }: Subscription, { readings, unreadable }: GatesAnswer): readonly GateReading[] {
  return gates.map(
    ({ gate, opens }) =>
      readings.find((reading) => reading.gate === gate) ?? {
        gate,
        open: false,
        value: null,
        opens,
        readAt: new Date().toISOString(),
        unreadable: unreadable ?? 'neither the package nor the policy of the target has such a hard gate',
      },
  );
}

interface Round {
  readonly readings: Readings;
  readonly told: Map<string, string>;
  readonly waiting: Map<string, Subscription>;
}

/** Tells a release its readings when they differ from those that it was told last; one that is gone is forgotten. */
async function tell(each: Subscription, round: Round): Promise<void> {
  const mine = answerTo(each, round.readings.get(keyOf(each)) ?? closed('it was not asked'));
  // a value may move at every reading: what changes a release's mind is whether the gate is open
  const fact = JSON.stringify(
    mine.map(({ gate, open, unreadable }) => [gate, open, unreadable !== undefined]),
  );
  if (round.told.get(nameOf(each)) === fact) return;
  try {
    await getExternalWorkflowHandle(each.release).signal(gateReadings, mine);
    round.told.set(nameOf(each), fact);
  } catch {
    round.waiting.delete(nameOf(each)); // it has ended: nobody is left to tell
  }
}

/** A release subscribes for one package: whoever subscribes in its name for another takes nothing away from it. */
function nameOf(each: Subscription): string {
  return `${each.release} ${keyOf(each)}`;
}

function keyOf({ package: pkg, scope }: Subscription): string {
  return `${pkg.digest} ${scope}`;
}

function details(target: string, readings: Readings, waiting: number): string {
  const row = ({ gate, open, value, readAt, unreadable }: GateReading): string =>
    `| ${gate} | ${open ? 'open' : 'closed'} | ${unreadable ?? String(value)} | ${readAt} |`;
  return [
    `**${target}**: ${waiting} waiting`,
    '',
    '| gate | state | value | read |',
    '| --- | --- | --- | --- |',
    ...[...readings.values()].flatMap((answer) => answer.readings.map(row)),
  ].join('\n');
}
