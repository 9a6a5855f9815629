import type { Temporal } from '../client/connection';
import { findWorkflow, isUnderWay, listWorkflows } from '../client/listing';
import type { ListedWorkflow } from '../client/listing';
import { ReleaseError } from '../core/rules/release-error';
import { readLeftTiers, readOpenRelease } from '../postgres/open-release';
import type { LeftTier, OpenRelease } from '../postgres/open-release';
import type { CommandContext } from './command';
import { readTarget } from './target-reading';

/** What the ledger of a target shows as open. */
export interface OpenInLedger {
  readonly release: OpenRelease;
  readonly tiers: readonly LeftTier[];
}

/** Reads it as the target's reader; undefined: nobody holds the target. */
export async function readOpenInLedger(
  context: CommandContext,
  target: string,
): Promise<OpenInLedger | undefined> {
  return await readTarget(context, { target, by: 'a recovery' }, async (session) => {
    const release = await readOpenRelease(session);
    if (release === undefined) return undefined;
    return { release, tiers: await readLeftTiers(session, release.id) };
  });
}

/**
 * How its workflow ended, or null where Temporal knows none.
 * @throws RELEASE_RUNS where it has not ended, and where another one is recovering it
 */
export async function verifyNotUnderWay(temporal: Temporal, release: string): Promise<string | null> {
  const found = await findWorkflow(temporal, release);
  if (found !== undefined && isUnderWay(found)) throw runs(found, `${found.id} still runs`);
  const recovery = (await listWorkflows(temporal, 'open')).find((each) => each.recovers === release);
  if (recovery !== undefined) throw runs(recovery, `${recovery.id}, which recovers ${release}, still runs`);
  return found?.state ?? null;
}

function runs({ id, state, stage }: ListedWorkflow, message: string): ReleaseError {
  return new ReleaseError('RELEASE_RUNS', `${message}${stage === null ? '' : `, at stage ${stage}`}`, {
    hint: [
      `\`one-roof status ${id}\` tells what it waits for;`,
      `\`one-roof decide ${id} retry\` (or rollback) answers it where it holds;`,
      `\`one-roof abort ${id} --as YOUR-NAME --reason "WHY"\` ends it, and rolls back what it has applied.`,
    ].join(' '),
    details: { id, state, stage },
  });
}
