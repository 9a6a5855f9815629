import { temporal } from '@temporalio/proto';
import { pause } from '../../../src/embedded/wait';
import type { World } from './world';

/** A step that a workflow's history names. */
export interface HistoryStep {
  readonly event: 'scheduled' | 'completed';
  readonly activity: string;
  /** Counted from 1: `auditOrder` is asked twice by a release. */
  readonly nth: number;
}

/** Steps take milliseconds. */
const ASK_AGAIN_MS = 4;

type Event = temporal.api.history.v1.IHistoryEvent;

/** Waits until the history has the event, as Temporal tells it. Ends without one when the signal fires. */
export async function untilInHistory(
  world: World,
  id: string,
  found: { readonly step: HistoryStep; readonly signal: AbortSignal },
): Promise<boolean> {
  const { step, signal } = found;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      if (hasHappened(await eventsOf(world, id), step)) return true;
    } catch {
      // not started yet, or the server is down: it is asked again
    }
    await pause(ASK_AGAIN_MS);
  }
  return false;
}

/** The whole history as bytes, in which nothing secret may stand. */
export async function historyBytes(world: World, id: string): Promise<Buffer> {
  const history = temporal.api.history.v1.History.encode({ events: [...(await eventsOf(world, id))] });
  return Buffer.from(history.finish());
}

/** What activities of this name were asked, the first one first, as JSON. */
export async function inputsOf(world: World, id: string, activity: string): Promise<readonly string[]> {
  return (await eventsOf(world, id)).flatMap(({ activityTaskScheduledEventAttributes: asked }) => {
    const data = asked?.activityType?.name === activity ? asked.input?.payloads?.[0]?.data : undefined;
    return data === undefined || data === null ? [] : [Buffer.from(data).toString('utf8')];
  });
}

async function eventsOf(world: World, id: string): Promise<readonly Event[]> {
  const { workflow, options } = world.temporal;
  const events: Event[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await workflow.workflowService.getWorkflowExecutionHistory({
      namespace: options.namespace,
      execution: { workflowId: id },
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
  return events;
}

function hasHappened(events: readonly Event[], { event, activity, nth }: HistoryStep): boolean {
  const scheduled = events.filter(
    (each) => each.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  );
  if (event === 'scheduled') return scheduled.length >= nth;
  const ids = new Set(scheduled.map((each) => String(each.eventId)));
  const completed = events.filter((each) =>
    ids.has(String(each.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
  return completed.length >= nth;
}
