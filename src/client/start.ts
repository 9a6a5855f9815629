import { randomInt } from 'node:crypto';
import type { SearchAttributePair } from '@temporalio/common';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { WORKFLOWS, WORKFLOW_QUEUE, workflowId } from '../core/rules/contract';
import type { WorkflowKind } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import type { SearchAttributeName } from '../core/rules/search-attributes';
import type { EvaluationOrder } from '../core/schema/evaluation';
import type { RehearsalOrder, ReleaseOrder } from '../core/schema/order';
import type { Temporal } from './connection';
import { isInvalidRequest, wordsOf } from './rpc-error';
import { evaluationText, rehearsalText, releaseText } from './start-text';
import type { Announcement, StartText } from './start-text';

const SHORT_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SHORT_ID_LENGTH = 6;

/** Starts a rehearsal. The package must be in the store. @returns its id */
export async function startRehearsal(temporal: Temporal, order: RehearsalOrder): Promise<string> {
  const id = workflowId('rehearsal', order.package.name, shortId());
  const target = order.source;
  const memo = { ...order.package, scope: order.scope, target, requester: order.requester ?? null };
  await start(temporal, { id, kind: 'rehearsal', order, target, memo, text: rehearsalText(id, order) });
  return id;
}

/** Starts a scope evaluation. The package must be in the store. @returns its id */
export async function startEvaluation(temporal: Temporal, order: EvaluationOrder): Promise<string> {
  const id = workflowId('evaluation', order.package.name, shortId());
  const { source: target, requester } = order;
  const memo = { ...order.package, scope: order.scopes.join(', '), target, requester: requester ?? null };
  await start(temporal, { id, kind: 'evaluation', order, target, memo, text: evaluationText(id, order) });
  return id;
}

/** Starts a release. The package must be in the store; what is announced is for people alone. @returns its id */
export async function startRelease(
  temporal: Temporal,
  order: ReleaseOrder,
  announced: Announcement,
): Promise<string> {
  const id = workflowId('release', order.package.name, shortId());
  const { target, requester, recovers, rollsBack } = order;
  const memo = {
    ...order.package,
    scope: order.scope,
    target,
    requester,
    ...(recovers === undefined ? {} : { recovers: recovers.release }),
    ...(rollsBack === undefined ? {} : { rollsBack }),
  };
  await start(temporal, {
    id,
    kind: 'release',
    order,
    target,
    memo,
    text: releaseText(id, order, announced),
  });
  return id;
}

interface Beginning {
  readonly id: string;
  readonly kind: WorkflowKind;
  readonly order: RehearsalOrder | ReleaseOrder | EvaluationOrder;
  readonly target: string;
  readonly memo: Record<string, unknown>;
  readonly text: StartText;
}

/** No workflow timeout, ever: Temporal's own would skip compensation. */
async function start({ client }: Temporal, beginning: Beginning): Promise<void> {
  try {
    await client.workflow.start(WORKFLOWS[beginning.kind], {
      workflowId: beginning.id,
      taskQueue: WORKFLOW_QUEUE,
      args: [beginning.order],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: beginning.text.summary,
      staticDetails: beginning.text.details,
      memo: beginning.memo,
      typedSearchAttributes: attributesOf(beginning),
    });
  } catch (cause) {
    if (!isInvalidRequest(cause)) throw cause;
    throw new ReleaseError('SERVER_UNREACHABLE', `the server refuses the workflow: ${wordsOf(cause)}`, {
      hint: 'Where search attributes are missing on this namespace, `one-roof doctor` names and registers them.',
      cause,
    });
  }
}

function attributesOf({ order, target }: Beginning): SearchAttributePair[] {
  const { name, version, digest } = order.package;
  return [
    keyword(SEARCH_ATTRIBUTES.package, name),
    keyword(SEARCH_ATTRIBUTES.version, version),
    keyword(SEARCH_ATTRIBUTES.digest, digest),
    keyword(SEARCH_ATTRIBUTES.target, target),
    keyword(SEARCH_ATTRIBUTES.stage, 'started'),
  ];
}

function keyword(name: SearchAttributeName, value: string): SearchAttributePair {
  return { key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value };
}

function shortId(): string {
  const letters = Array.from(
    { length: SHORT_ID_LENGTH },
    () => SHORT_ID_LETTERS[randomInt(SHORT_ID_LETTERS.length)],
  );
  return letters.join('');
}
