import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import type { ReviewedRehearsal } from '../core/rules/review';
import { StatementMeasure } from '../core/schema/attempt';
import type { RehearsalOutcome } from '../core/schema/outcome';
import type { PackageRef } from '../core/schema/plan';
import { folderStore } from '../package/store';
import type { Store } from '../package/store';
import type { CommandContext } from './command';
import { evidenceIn, knownStore } from './kept-outcome';

/** A rehearsal from its evidence in the store, with what each statement did; or why it cannot be read from here. */
export async function readRehearsal(
  context: CommandContext,
  ref: PackageRef,
  digest: string,
): Promise<{ readonly rehearsal: ReviewedRehearsal | null; readonly unread: string | null }> {
  const root = knownStore(context);
  if (root === undefined) return { rehearsal: null, unread: 'no store is known here (ONE_ROOF_STORE)' };
  try {
    const kept = await evidenceIn(context, root).ofPackage(ref.digest);
    const found = kept.find((each) => each.digest === digest)?.outcome;
    if (found?.kind !== 'rehearsal') return { rehearsal: null, unread: 'its evidence is not in the store' };
    return {
      rehearsal: { outcome: found, measures: await measuresOf(folderStore(root), found) },
      unread: null,
    };
  } catch (error) {
    const why = error instanceof ReleaseError ? error.message : 'its evidence cannot be verified here';
    return { rehearsal: null, unread: why };
  }
}

async function measuresOf(store: Store, { tiers }: RehearsalOutcome): Promise<ReviewedRehearsal['measures']> {
  const read = await Promise.all(
    tiers.map(async ({ id, measures }) => {
      if (measures === null || measures === undefined) return [];
      return [[id, z.array(StatementMeasure).parse(await store.readDocument(measures))] as const];
    }),
  );
  return Object.fromEntries(read.flat());
}
