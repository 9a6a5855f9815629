import { QUERIES } from '../core/rules/contract';
import { rehearsedMs } from '../core/rules/review';
import type { GateReading } from '../core/schema/attempt';
import type { Notice } from '../core/schema/notice';
import { Status } from '../core/schema/outcome';
import { ReleasePlan } from '../core/schema/plan';
import { markdownOf } from '../evidence/document-markdown';
import { isOrdered, orderOf } from '../evidence/order';
import type { World } from './world';

/** A release whose hard gates a monitor has found open, and what it read. */
export interface Opened {
  readonly release: string;
  readonly readings: readonly GateReading[];
}

/** More orders than anybody reads in one notice; `one-roof order ID` gives the others. */
const MOST_ORDERS = 5;

/** What follows for each release now that its gate is open, word for word; one that has ended meanwhile has no order. */
export async function ordersFor(
  world: World,
  opened: readonly Opened[],
): Promise<NonNullable<Notice['orders']>> {
  const found = await Promise.all(opened.slice(0, MOST_ORDERS).map((each) => orderFor(world, each)));
  return found.flatMap((order) => order ?? []);
}

async function orderFor(world: World, { release, readings }: Opened) {
  const handle = world.client.workflow.getHandle(release);
  try {
    const told = Status.parse(await handle.query(QUERIES.status));
    const plan = ReleasePlan.parse(await handle.query(QUERIES.plan));
    const status = { ...told, gates: told.gates.map((gate) => withReading(gate, readings)) };
    if (!isOrdered(status)) return undefined;
    const kept = await world.evidence.ofPackage(plan.package.digest);
    const outcome = kept.find(({ digest }) => digest === status.approving?.rehearsal)?.outcome;
    const rehearsal = outcome?.kind === 'rehearsal' ? { outcome, measures: {} } : null;
    const ms = rehearsedMs({ status, plan, rehearsal, unread: null, now: Date.now() });
    return { release, text: markdownOf(orderOf({ status, plan, rehearsedMs: ms })) };
  } catch {
    return undefined; // it cannot be asked: `one-roof order` says why
  }
}

/** The readings that opened it; the release itself may not have heard them yet. */
function withReading(
  gate: Status['gates'][number],
  readings: readonly GateReading[],
): Status['gates'][number] {
  const reading = readings.find((each) => each.gate === gate.id);
  return reading === undefined ? gate : { ...gate, hard: reading };
}
