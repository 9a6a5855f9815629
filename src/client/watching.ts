import type { Status } from '../core/schema/outcome';
import type { Temporal } from './connection';
import { pause } from './pause';
import { pendingActivities } from './pending';
import type { PendingActivity } from './pending';
import { askStatus } from './question';
import { silenceOf, silenceWords } from './rpc-error';

/** What can be seen of a workflow at one moment. */
export interface Observation {
  /** The last status that the workflow told; undefined before the first. */
  readonly status: Status | undefined;
  readonly pending: readonly PendingActivity[];
  /** The rehearsal that an evaluation waits for, as it was seen. */
  readonly within?: Pick<Status, 'id' | 'stages'>;
  /** Who does not answer at this moment, and in which words that showed. */
  readonly silent: { readonly who: 'server' | 'worker'; readonly why: string } | undefined;
  readonly ended: boolean;
}

const LOOK_AGAIN_MS = 500;
const LOOK_LIMIT_MS = 3_000;

/**
 * Looks at a workflow until it has ended or `signal` fires. It outlives restarts of the server and the lack of a worker:
 * both are told in what it yields, never waited for in silence. Watching changes nothing and leaves no event.
 */
export async function* watch(
  temporal: Temporal,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Observation> {
  let status: Status | undefined;
  while (!signal.aborted) {
    const seen = await look(temporal, id);
    status = seen.status ?? status;
    yield { ...seen, status };
    if (seen.ended) return;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

/** One look: the server's view of the workflow, then the workflow's own word; then into the rehearsal that it waits for. */
export async function look(temporal: Temporal, id: string): Promise<Observation> {
  const seen = await lookAt(temporal, id);
  const within = seen.ended ? undefined : seen.status?.within;
  if (within === undefined) return seen;
  const { status, pending } = await lookAt(temporal, within);
  return status === undefined
    ? seen
    : { ...seen, pending: [...seen.pending, ...pending], within: { id: status.id, stages: status.stages } };
}

async function lookAt(temporal: Temporal, id: string): Promise<Observation> {
  const described = await describe(temporal, id);
  if (!described.answered) {
    return { status: undefined, pending: [], silent: { who: 'server', why: described.why }, ended: false };
  }
  const answer = await askStatus(temporal, id);
  return {
    status: answer.answered ? answer.value : undefined,
    pending: described.pending,
    silent: answer.answered || described.ended ? undefined : { who: answer.silent, why: answer.why },
    ended: described.ended,
  };
}

type Described =
  | { readonly answered: true; readonly ended: boolean; readonly pending: readonly PendingActivity[] }
  | { readonly answered: false; readonly why: string };

async function describe({ client, connection }: Temporal, id: string): Promise<Described> {
  try {
    const description = await connection.withDeadline(Date.now() + LOOK_LIMIT_MS, () =>
      client.workflow.getHandle(id).describe(),
    );
    const ended = !['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED'].includes(description.status.name);
    return { answered: true, ended, pending: await pendingActivities(client, description) };
  } catch (error) {
    if (silenceOf(error) === undefined) throw error;
    return { answered: false, why: silenceWords(error) };
  }
}
