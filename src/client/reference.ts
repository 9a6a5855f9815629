import { shortIdOf } from '../core/rules/contract';
import type { WorkflowKind } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import type { Temporal } from './connection';
import { findWorkflow, listWorkflows } from './listing';
import type { ListedWorkflow } from './listing';

/** What a command does with the workflow that it names: what writes must name it, `latest` is for reading. */
export interface ReferenceUse {
  readonly use: 'read' | 'write';
  readonly kinds: readonly WorkflowKind[];
}

const LATEST = 'latest';
const FULL_ID = /^(rehearsal|release|evaluation)-.+-[a-z0-9]+$/;

/**
 * Finds the workflow that a person means by its id, its short id or `latest`.
 * @throws REFERENCE_UNKNOWN naming the candidates; USAGE for `latest` where something is written
 */
export async function resolveReference(
  temporal: Temporal,
  reference: string,
  { use, kinds }: ReferenceUse,
): Promise<ListedWorkflow> {
  verifyMayBeLatest(reference, use);
  if (FULL_ID.test(reference)) return await describeById(temporal, reference, kinds);
  return chooseWorkflow(reference, kinds, await listWorkflows(temporal));
}

/** The decision alone: which of these, newest first, is meant by a short id or `latest`? */
export function chooseWorkflow(
  reference: string,
  kinds: ReferenceUse['kinds'],
  workflows: readonly ListedWorkflow[],
): ListedWorkflow {
  const fitting = workflows.filter((workflow) => kinds.includes(workflow.kind));
  const [found, second] =
    reference === LATEST
      ? fitting.filter(({ partOf }) => partOf === null).slice(0, 1) // nobody has started those by hand
      : fitting.filter(({ id }) => id === reference || shortIdOf(id) === reference);
  if (found === undefined) throw unknown(reference, kinds, fitting);
  if (second === undefined) return found;
  const candidates = fitting.filter(({ id }) => shortIdOf(id) === reference).map(({ id }) => id);
  throw new ReleaseError('REFERENCE_UNKNOWN', `${reference} stands for ${candidates.join(' and ')}`, {
    hint: 'Give the whole id.',
    details: { candidates },
  });
}

/** `latest` may change between looking and writing. @throws USAGE */
export function verifyMayBeLatest(reference: string, use: ReferenceUse['use']): void {
  if (reference !== LATEST || use === 'read') return;
  throw new ReleaseError('USAGE', '`latest` is for reading: what writes must name what it means', {
    hint: 'Give the id or short id; `one-roof list` shows them.',
  });
}

async function describeById(
  temporal: Temporal,
  id: string,
  kinds: ReferenceUse['kinds'],
): Promise<ListedWorkflow> {
  const found = await findWorkflow(temporal, id);
  if (found !== undefined && kinds.includes(found.kind)) return found;
  throw unknown(id, kinds, []);
}

function unknown(
  reference: string,
  kinds: ReferenceUse['kinds'],
  workflows: readonly ListedWorkflow[],
): ReleaseError {
  const candidates = workflows.slice(0, 5).map(({ id }) => id);
  const known = candidates.length === 0 ? '' : `; the newest are ${candidates.join(', ')}`;
  return new ReleaseError('REFERENCE_UNKNOWN', `there is no ${kinds.join(' or ')} ${reference}${known}`, {
    details: { candidates },
  });
}
