import { WORKFLOWS, WORKFLOW_QUEUE, monitorId } from '../core/rules/contract';
import type { GateQuery } from '../core/schema/attempt';
import type { PackageRef } from '../core/schema/plan';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { readAsked } from './gate-questions';
import type { Asked, Questions } from './gate-questions';
import { watchUntilNews } from './gate-watch';
import type { WatchOrder } from './gate-watch';
import { readingOften } from './reading';
import { describe } from './world';
import type { World } from './world';

/** Hard gates, and the subscription to their readings. */
export function gateActivities(world: World) {
  const questions: Questions = new Map();
  return {
    /** Hard gates by the reader's role, each distinct question once; answers in the order asked. An unreadable gate is a closed gate. */
    readGates: activity(({ target, asked }: Asked, watch: Watch) =>
      readingOften(world, { database: { target }, watch, role: 'reader' }, (read) =>
        readAsked(world, { target, asked, questions }, read),
      ),
    ),
    /**
     * Reads them again and again until one opens, closes, or changes its readability against `known`, or `forMs` are over. A
     * target that does not answer is a closed gate too.
     */
    watchGates: activity((input: WatchOrder, watch: Watch) =>
      watchUntilNews(world, { ...input, questions }, watch),
    ),
    /** Subscribes the calling release to readings of a target's gates; a workflow cannot signal-with-start by itself. */
    subscribeToGates: activity(
      async (
        input: {
          package: PackageRef;
          scope: string;
          target: string;
          gates: readonly Pick<GateQuery, 'gate' | 'opens'>[];
        },
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
