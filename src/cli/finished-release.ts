import type { Temporal } from '../client/connection';
import { isUnderWay } from '../client/listing';
import type { ListedWorkflow } from '../client/listing';
import { readOutcome } from '../client/outcome';
import type { Outcome } from '../client/outcome';
import { resolveReference } from '../client/reference';
import { ReleaseError } from '../core/rules/release-error';
import { PackageRef } from '../core/schema/plan';
import type { CommandContext } from './command';
import { keptOutcome } from './kept-outcome';

/** A release that has ended, as far as its rollback needs it. */
export interface Finished {
  readonly id: string;
  /** The release in whose name the ledger has its tiers: another one where this one took it over. */
  readonly inLedger: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly target: string;
  /** `released 2026-06-03T10:03:47.000Z`. */
  readonly ended: string;
}

/**
 * Finds a release that has ended: in Temporal, or in the evidence where Temporal has forgotten it.
 * @throws RELEASE_RUNS, NOTHING_APPLIED, REFERENCE_UNKNOWN
 */
export async function findFinished(
  context: CommandContext,
  temporal: Temporal,
  reference: string,
): Promise<Finished> {
  const found = await resolve(temporal, reference).catch(async (error: unknown) => {
    const kept = isUnknown(error) ? await keptOutcome(context, reference) : undefined;
    if (kept === undefined) throw error;
    context.terminal.note('from the evidence in the store; Temporal does not tell it');
    return kept;
  });
  if ('outcome' in found) return fromOutcome(found);
  if (isUnderWay(found)) throw stillRuns(found);
  if (found.state === 'completed') return fromOutcome(await readOutcome(temporal, found.id));
  return fromMemo(found);
}

async function resolve(temporal: Temporal, reference: string): Promise<ListedWorkflow | Outcome> {
  return await resolveReference(temporal, reference, { use: 'write', kinds: ['release'] });
}

function fromOutcome(outcome: Outcome): Finished {
  if (outcome.kind !== 'release')
    throw new ReleaseError(
      'REFERENCE_UNKNOWN',
      `${outcome.id} is a rehearsal: it left nothing in ${outcome.source}`,
    );
  const { id, package: ref, scope, target, recovers, rollsBack, endedAt } = outcome;
  if (!outcome.tiers.some(({ outcome: end }) => end === 'applied' || end === 'left applied'))
    throw new ReleaseError(
      'NOTHING_APPLIED',
      `${id} ended ${outcome.outcome} and has left no tier of its own in ${target}`,
    );
  const ended = `${outcome.outcome} ${endedAt}`;
  return { id, inLedger: rollsBack ?? recovers ?? id, package: ref, scope, target, ended };
}

/** One that ended without an outcome, by Temporal's own terminate: what it left open is for `recover`, as the ledger tells. */
function fromMemo(found: ListedWorkflow): Finished {
  const { id, scope, target, state, endedAt, package: name, version, digest } = found;
  const ref = PackageRef.safeParse({ name, version, digest });
  if (!ref.success || scope === null || target === null)
    throw new ReleaseError(
      'REFERENCE_UNKNOWN',
      `${id} is ${state}, and Temporal does not tell what it released`,
    );
  const inLedger = found.rollsBack ?? found.recovers ?? id;
  return { id, inLedger, package: ref.data, scope, target, ended: `${state} ${endedAt ?? ''}` };
}

function stillRuns({ id }: ListedWorkflow): ReleaseError {
  return new ReleaseError('RELEASE_RUNS', `${id} has not ended`, {
    hint: `\`one-roof abort ${id} --as YOUR-NAME --reason "WHY"\` ends it, and rolls back what it has applied; \`one-roof status ${id}\` tells where it stands.`,
    details: { id },
  });
}

function isUnknown(error: unknown): boolean {
  return error instanceof ReleaseError && error.code === 'REFERENCE_UNKNOWN';
}
