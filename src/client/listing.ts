import type { WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { WORKFLOWS } from '../core/rules/contract';
import type { WorkflowKind } from '../core/rules/contract';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import type { Temporal } from './connection';
import { isNotFound } from './rpc-error';

/** What is known of a workflow without asking its worker: from Temporal's own index. */
export interface ListedWorkflow {
  readonly id: string;
  readonly kind: WorkflowKind;
  /** Temporal's own word in lower case: running, completed, failed, terminated, … */
  readonly state: string;
  readonly package: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly scope: string | null;
  readonly target: string | null;
  readonly requester: string | null;
  /** The evaluation that started it. */
  readonly partOf: string | null;
  /** The terminated release that it takes over. */
  readonly recovers: string | null;
  /** The finished release that it rolls back. */
  readonly rollsBack: string | null;
  readonly stage: string | null;
  readonly gate: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** The kinds of what people name, by the types of their workflows. */
const KINDS: Readonly<Record<string, WorkflowKind>> = {
  [WORKFLOWS.rehearsal]: 'rehearsal',
  [WORKFLOWS.release]: 'release',
  [WORKFLOWS.evaluation]: 'evaluation',
};

const OURS = `WorkflowType in (${Object.keys(KINDS)
  .map((type) => `'${type}'`)
  .join(', ')})`;

const Memo = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  digest: z.string().optional(),
  scope: z.string().optional(),
  target: z.string().optional(),
  requester: z.string().nullish(),
  recovers: z.string().optional(),
  rollsBack: z.string().optional(),
});

/** All rehearsals, releases and evaluations of the namespace, the newest first. Temporal's index lags a moment behind. */
export async function listWorkflows(
  { client }: Temporal,
  which: 'all' | 'open' = 'all',
): Promise<readonly ListedWorkflow[]> {
  const query = which === 'open' ? `${OURS} and ExecutionStatus = 'Running'` : OURS;
  const found: ListedWorkflow[] = [];
  for await (const info of client.workflow.list({ query })) {
    if (info.status.name !== 'CONTINUED_AS_NEW') found.push(listed(info));
  }
  return found.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/** One workflow, as the server itself knows it; undefined: it knows none of this id. */
export async function findWorkflow({ client }: Temporal, id: string): Promise<ListedWorkflow | undefined> {
  try {
    return listed(await client.workflow.getHandle(id).describe());
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Will it still act by itself? */
export function isUnderWay({ state }: Pick<ListedWorkflow, 'state'>): boolean {
  return ['running', 'paused', 'continued_as_new'].includes(state);
}

/** One workflow as the index has it. */
export function listed(info: Omit<WorkflowExecutionInfo, 'raw'>): ListedWorkflow {
  const memo = Memo.safeParse(info.memo ?? {}).data ?? {};
  return {
    id: info.workflowId,
    kind: KINDS[info.type] ?? 'release',
    state: info.status.name.toLowerCase(),
    package: memo.name ?? null,
    version: memo.version ?? null,
    digest: memo.digest ?? null,
    scope: memo.scope ?? null,
    target: memo.target ?? null,
    requester: memo.requester ?? null,
    partOf: info.parentExecution?.workflowId ?? null,
    recovers: memo.recovers ?? null,
    rollsBack: memo.rollsBack ?? null,
    stage: keywordOf(info, SEARCH_ATTRIBUTES.stage),
    gate: keywordOf(info, SEARCH_ATTRIBUTES.gate),
    startedAt: info.startTime.toISOString(),
    endedAt: info.closeTime?.toISOString() ?? null,
  };
}

function keywordOf(info: Omit<WorkflowExecutionInfo, 'raw'>, name: string): string | null {
  const pair = info.typedSearchAttributes.getAll().find(({ key }) => key.name === name);
  return typeof pair?.value === 'string' ? pair.value : null;
}
