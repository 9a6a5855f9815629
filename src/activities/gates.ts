import { WORKFLOWS, WORKFLOW_QUEUE, monitorId } from '../core/rules/contract';
import { effectiveGates, hardQueries } from '../core/rules/effective-gate';
import type { GateQuery } from '../core/schema/attempt';
import type { GatesAnswer } from '../core/schema/observation';
import type { PackageRef, ReleasePlan } from '../core/schema/plan';
import { Policy } from '../core/schema/target';
import { planOf } from '../package/plan';
import { readGatesWithin } from '../postgres/gate-reading';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { reading } from './reading';
import { describe, findTarget, readPackage } from './world';
import type { World } from './world';

/** A package in one of its scopes: what its hard gates follow from, with the target's policy. Their SQL never travels. */
export interface GatesOf {
  readonly package: PackageRef;
  readonly scope: string;
}

/** More packages than wait at one worker's targets at a time. */
const MOST_PLANS = 200;

/** Hard gates, and the subscription to their readings. */
export function gateActivities(world: World) {
  const plans = new Map<string, ReleasePlan>(); // a digest names its bytes for ever
  return {
    /** Hard gates by the reader's role, each distinct question once; answers in the order asked. An unreadable gate is a closed gate. */
    readGates: activity(
      async (
        { target, asked }: { target: string; asked: readonly GatesOf[] },
        watch: Watch,
      ): Promise<{ answers: readonly GatesAnswer[]; mutations: number }> => {
        const wanted = await Promise.all(asked.map((each) => queriesOf(world, { target, each, plans })));
        const distinct = new Map(
          wanted.flatMap(({ queries }) => queries.map((query) => [keyOf(query), query])),
        );
        const read = await reading(world, { database: { target }, watch, role: 'reader' }, (session) =>
          readGatesWithin(session, [...distinct.values()]),
        );
        const byKey = new Map([...distinct.keys()].map((key, index) => [key, read.value[index]]));
        const answers = wanted.map(({ queries, unreadable }) => ({
          readings: queries.flatMap((query) => {
            const answer = byKey.get(keyOf(query));
            return answer === undefined ? [] : [{ ...answer, gate: query.gate }];
          }),
          unreadable,
        }));
        return { answers, mutations: read.mutations };
      },
    ),
    /** Subscribes the calling release to readings of a target's gates; a workflow cannot signal-with-start by itself. */
    subscribeToGates: activity(
      async (
        input: GatesOf & { target: string; gates: readonly Pick<GateQuery, 'gate' | 'opens'>[] },
        watch: Watch,
      ): Promise<void> => {
        const { target, scope, gates } = input;
        const { queue, policy } = describe(world, target);
        await world.client.workflow.signalWithStart(WORKFLOWS.gateMonitor, {
          workflowId: monitorId(target),
          taskQueue: WORKFLOW_QUEUE,
          args: [{ target, queue, every: policy.readGatesEvery, subscriptions: [] }],
          signal: 'subscribe',
          signalArgs: [{ release: watch.workflow, package: input.package, scope, gates }],
          staticSummary: `gates of ${target}`,
        });
      },
    ),
  };
}

interface Queries {
  readonly queries: readonly GateQuery[];
  readonly unreadable: string | null;
}

/** What one who waits may ask; a subscription that names no package of ours gets no answer and spoils nobody else's. */
async function queriesOf(
  world: World,
  { target, each, plans }: { target: string; each: GatesOf; plans: Map<string, ReleasePlan> },
): Promise<Queries> {
  const key = `${each.package.digest} ${each.scope}`;
  try {
    const plan = plans.get(key) ?? (await planOf(await readPackage(world, each.package), each.scope));
    plans.delete(key);
    plans.set(key, plan); // the last used stand last
    for (const oldest of [...plans.keys()].slice(0, -MOST_PLANS)) plans.delete(oldest);
    const policy = findTarget(world, target).policy ?? Policy.parse({});
    return { queries: hardQueries(effectiveGates(plan, policy.gates)), unreadable: null };
  } catch (error) {
    return { queries: [], unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Two packages may name different gates alike, or one gate differently. */
function keyOf({ sql, opens }: GateQuery): string {
  return JSON.stringify([sql, opens]);
}
