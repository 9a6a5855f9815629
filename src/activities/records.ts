import { milliseconds } from '../core/rules/milliseconds';
import { WORKFLOWS, WORKFLOW_QUEUE, monitorId } from '../core/rules/contract';
import type { GateQuery } from '../core/schema/attempt';
import type { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { describe } from './world';
import type { World } from './world';

export interface RehearsalWanted {
  readonly digest: string;
  readonly scope: string;
  readonly source: string;
  /** Of the database that the release goes to: evidence of one that stood there before does not count. */
  readonly registration: string;
  /** A duration of the policy. */
  readonly maxAge: string;
}

/** Evidence in and out of its store, and the subscription to a target's gates. */
export function recordActivities(world: World) {
  return {
    /** Signs and keeps what a workflow observed. @returns its digest */
    recordEvidence: activity(
      async ({ outcome }: { outcome: RehearsalOutcome | ReleaseOutcome }): Promise<{ digest: string }> => {
        return { digest: await world.evidence.put(outcome) };
      },
    ),
    /** The newest passing rehearsal of exactly these bytes and this scope from this source, young enough; null where there is none. */
    findRehearsal: activity(
      async (wanted: RehearsalWanted): Promise<{ digest: string; id: string; at: string } | null> => {
        const oldest = Date.now() - milliseconds(wanted.maxAge);
        const fitting = (await world.evidence.ofPackage(wanted.digest))
          .flatMap(({ digest, outcome }) => (outcome.kind === 'rehearsal' ? [{ digest, outcome }] : []))
          .filter(
            ({ outcome }) => outcome.outcome === 'rehearsed' && outcome.package.digest === wanted.digest,
          )
          .filter(
            ({ outcome }) =>
              outcome.scope === wanted.scope &&
              outcome.source === wanted.source &&
              outcome.sourceIdentity?.registration === wanted.registration &&
              Date.parse(outcome.endedAt) >= oldest,
          )
          .sort((one, other) => one.outcome.endedAt.localeCompare(other.outcome.endedAt));
        const newest = fitting.at(-1);
        return newest === undefined
          ? null
          : { digest: newest.digest, id: newest.outcome.id, at: newest.outcome.endedAt };
      },
    ),
    /** Subscribes the calling release to readings of a target's gates; a workflow cannot signal-with-start by itself. */
    subscribeToGates: activity(
      async (input: { target: string; gates: readonly GateQuery[] }, watch: Watch): Promise<void> => {
        const { queue, policy } = describe(world, input.target);
        await world.client.workflow.signalWithStart(WORKFLOWS.gateMonitor, {
          workflowId: monitorId(input.target),
          taskQueue: WORKFLOW_QUEUE,
          args: [{ target: input.target, queue, every: policy.readGatesEvery, subscriptions: [] }],
          signal: 'subscribe',
          signalArgs: [{ release: watch.workflow, gates: input.gates }],
          staticSummary: `gates of ${input.target}`,
        });
      },
    ),
  };
}
