import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { WORKFLOWS, WORKFLOW_QUEUE, goldenId } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import { GoldenOutcome } from '../core/schema/golden';
import type { GoldenOrder } from '../core/schema/golden';
import type { StageRecord } from '../core/schema/outcome';
import type { Temporal } from './connection';
import { pause } from './pause';
import { askTimeline } from './question';

/** Starts an act on a golden; only one runs at a time. @returns its id @throws GOLDEN_IN_USE */
export async function startGolden({ client }: Temporal, order: GoldenOrder): Promise<string> {
  const { act, host, name } = order;
  const workflowId = goldenId(host, name);
  try {
    await client.workflow.start(WORKFLOWS.golden, {
      workflowId,
      taskQueue: WORKFLOW_QUEUE,
      args: [order],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${act} of golden ${name} on ${host}`,
      memo: { act, host, name },
      typedSearchAttributes: [
        {
          key: defineSearchAttributeKey(SEARCH_ATTRIBUTES.target, SearchAttributeType.KEYWORD),
          value: host,
        },
      ],
    });
    return workflowId;
  } catch (cause) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    throw new ReleaseError('GOLDEN_IN_USE', `${workflowId} is at work on golden ${name}`, {
      hint: 'Wait until it has ended; the Temporal UI shows what it does.',
      cause,
    });
  }
}

const LOOK_AGAIN_MS = 300;

/** An act on a golden at one moment. */
export interface GoldenObservation {
  readonly stages: readonly StageRecord[];
  /** Who does not answer at this moment, and in which words that showed. */
  readonly silent: { readonly who: 'server' | 'worker'; readonly why: string } | undefined;
  readonly ended: boolean;
}

/** What an act on a golden has done so far, again and again until it has ended or `signal` fires. */
export async function* watchGolden(
  temporal: Temporal,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<GoldenObservation> {
  let stages: readonly StageRecord[] = [];
  while (!signal.aborted) {
    const { status } = await temporal.client.workflow.getHandle(id).describe();
    const answer = await askTimeline(temporal, id);
    if (answer.answered) stages = answer.value;
    const ended = status.name !== 'RUNNING';
    const silent = answer.answered || ended ? undefined : { who: answer.silent, why: answer.why };
    yield { stages, silent, ended };
    if (ended) return;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

/** How it ended. */
export async function readGoldenOutcome({ client }: Temporal, id: string): Promise<GoldenOutcome> {
  return GoldenOutcome.parse(await client.workflow.result(id));
}
