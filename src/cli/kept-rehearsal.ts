import { z } from 'zod';
import type { Outcome } from '../client/outcome';
import { ReleaseError } from '../core/rules/release-error';
import type { ReviewedRehearsal } from '../core/rules/review';
import { StatementMeasure } from '../core/schema/attempt';
import { standsForRelease } from '../core/rules/evaluation/stands-for-release';
import type { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
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
    return { rehearsal: null, unread: whyUnread(error) };
  }
}

/** Which rehearsal is looked for: of these bytes and this scope; of this source and database, where they are known. */
export interface RehearsalSought {
  readonly package: PackageRef;
  readonly scope: string;
  readonly source?: string | undefined;
  /** The SHA-256 of its nonce. */
  readonly registration?: string | undefined;
}

/** The newest rehearsal that passed, as a release would find it, whatever its age; or why there is none to be read from here. */
export async function lastRehearsal(
  context: CommandContext,
  sought: RehearsalSought,
): Promise<{ readonly rehearsal: ReviewedRehearsal | null; readonly unread: string | null }> {
  const root = knownStore(context);
  if (root === undefined) return { rehearsal: null, unread: 'no store is known here (ONE_ROOF_STORE)' };
  try {
    const kept = await evidenceIn(context, root).ofPackage(sought.package.digest);
    const fitting = kept.flatMap(({ outcome }) => (isSought(outcome, sought) ? [outcome] : []));
    const found = fitting.sort((one, other) => one.endedAt.localeCompare(other.endedAt)).at(-1);
    if (found === undefined) return { rehearsal: null, unread: notFound(sought) };
    return {
      rehearsal: { outcome: found, measures: await measuresOf(folderStore(root), found) },
      unread: null,
    };
  } catch (error) {
    return { rehearsal: null, unread: whyUnread(error) };
  }
}

function isSought(
  outcome: Outcome,
  { package: { digest }, scope, source, registration }: RehearsalSought,
): outcome is RehearsalOutcome {
  return (
    outcome.kind === 'rehearsal' &&
    standsForRelease(outcome) &&
    outcome.package.digest === digest &&
    outcome.scope === scope &&
    (source ?? outcome.source) === outcome.source &&
    (registration === undefined || outcome.sourceIdentity?.registration === registration)
  );
}

function notFound({ package: { digest }, scope, source }: RehearsalSought): string {
  const from = source === undefined ? '' : ` from ${source}`;
  return `the store has no passing rehearsal of ${digest.slice(0, 12)}…, scope ${scope}${from}`;
}

function whyUnread(error: unknown): string {
  return error instanceof ReleaseError ? error.message : 'its evidence cannot be verified here';
}

/** Of each tier, what each statement did. @throws STORE_FAILED */
export async function measuresOf(
  store: Store,
  { tiers }: RehearsalOutcome | ReleaseOutcome,
): Promise<ReviewedRehearsal['measures']> {
  const read = await Promise.all(
    tiers.map(async ({ id, measures }) => {
      if (measures === null || measures === undefined) return [];
      return [[id, z.array(StatementMeasure).parse(await store.readDocument(measures))] as const];
    }),
  );
  return Object.fromEntries(read.flat());
}
