import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { milliseconds } from '../core/rules/milliseconds';
import type { GateQuery, GateReading } from '../core/schema/attempt';
import { ask, at } from './asking';
import { isSubscription } from '../core/rules/payload-guard';
import { judge } from './verdict';

/** A release that waits, and the hard gates that it waits for. */
export interface Subscription {
  readonly release: string;
  readonly gates: readonly GateQuery[];
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
  const waiting = new Map(order.subscriptions.map((each) => [each.release, each]));
  const told = new Map<string, string>();
  let isNews = false;
  let toldSince = Date.now();
  setHandler(subscribe, (each: unknown) => {
    if (!isSubscription(each)) return;
    waiting.set(each.release, each);
    told.delete(each.release);
    isNews = true;
  });
  setHandler(unsubscribeFromGates, (release) => {
    waiting.delete(release);
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
      await continueAsNew<typeof gateMonitor>({ ...order, subscriptions: [...waiting.values()] });
    }
  }
  await condition(allHandlersFinished);
}

/** Readings by the gate's whole question: two packages may name different gates alike. */
type Readings = ReadonlyMap<string, GateReading>;

async function readRound(order: MonitorOrder, waiting: readonly Subscription[]): Promise<Readings> {
  const distinct = new Map(waiting.flatMap((each) => each.gates.map((gate) => [keyOf(gate), gate])));
  const gates = [...distinct.values()];
  const readings = await readOrClose(order, gates);
  return new Map(
    [...distinct.keys()].flatMap((key, index) =>
      readings[index] === undefined ? [] : [[key, readings[index]]],
    ),
  );
}

async function readOrClose(
  order: MonitorOrder,
  gates: readonly GateQuery[],
): Promise<readonly GateReading[]> {
  try {
    const database = { target: order.target };
    return (
      await ask(at(order.queue).reads.readGates, `${order.target}: ${gates.length} hard gates`, {
        database,
        gates,
      })
    ).readings;
  } catch (error) {
    const unreadable = judge(error).message; // fails closed: an unreadable gate is a closed gate
    return gates.map(({ gate, opens }) => ({
      gate,
      open: false,
      value: null,
      opens,
      readAt: new Date().toISOString(),
      unreadable,
    }));
  }
}

interface Round {
  readonly readings: Readings;
  readonly told: Map<string, string>;
  readonly waiting: Map<string, Subscription>;
}

/** Tells a release its readings when they differ from those that it was told last; one that is gone is forgotten. */
async function tell(each: Subscription, round: Round): Promise<void> {
  const mine = each.gates.flatMap((gate) => round.readings.get(keyOf(gate)) ?? []);
  // a value may move at every reading: what changes a release's mind is whether the gate is open
  const fact = JSON.stringify(
    mine.map(({ gate, open, unreadable }) => [gate, open, unreadable !== undefined]),
  );
  if (round.told.get(each.release) === fact) return;
  try {
    await getExternalWorkflowHandle(each.release).signal(gateReadings, mine);
    round.told.set(each.release, fact);
  } catch {
    round.waiting.delete(each.release); // it has ended: nobody is left to tell
  }
}

function keyOf(gate: GateQuery): string {
  return JSON.stringify([gate.gate, gate.sql, gate.opens]);
}

function details(target: string, readings: Readings, waiting: number): string {
  const row = ({ gate, open, value, readAt, unreadable }: GateReading): string =>
    `| ${gate} | ${open ? 'open' : 'closed'} | ${unreadable ?? String(value)} | ${readAt} |`;
  return [
    `**${target}**: ${waiting} waiting`,
    '',
    '| gate | state | value | read |',
    '| --- | --- | --- | --- |',
    ...[...readings.values()].map(row),
  ].join('\n');
}
