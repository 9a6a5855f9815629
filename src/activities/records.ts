import { milliseconds } from '../core/rules/milliseconds';
import type { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import { activity } from './boundary';
import type { World } from './world';

export interface RehearsalWanted {
  readonly digest: string;
  readonly scope: string;
  readonly source: string;
  /** Of the database that the release goes to: evidence of one that stood there before does not count. */
  readonly registration: string;
  /** The evidence that people were shown: it stays the one for as long as it counts. */
  readonly preferred: string | null;
  /** A duration of the policy. */
  readonly maxAge: string;
}

export interface RehearsalFound {
  readonly digest: string;
  readonly id: string;
  readonly at: string;
  /** Milliseconds that each tier took. */
  readonly tiers: Readonly<Record<string, number>>;
}

/** Evidence in and out of its store. */
export function recordActivities(world: World) {
  return {
    /** Signs and keeps what a workflow observed. @returns its digest */
    recordEvidence: activity(
      async ({ outcome }: { outcome: RehearsalOutcome | ReleaseOutcome }): Promise<{ digest: string }> => {
        return { digest: await world.evidence.put(outcome) };
      },
    ),
    /** A passing rehearsal of exactly these bytes and this scope from this source, young enough: the preferred one, else the newest; null where there is none. */
    findRehearsal: activity(async (wanted: RehearsalWanted): Promise<RehearsalFound | null> => {
      const oldest = Date.now() - milliseconds(wanted.maxAge);
      const fitting = (await world.evidence.ofPackage(wanted.digest))
        .flatMap(({ digest, outcome }) => (outcome.kind === 'rehearsal' ? [{ digest, outcome }] : []))
        .filter(({ outcome }) => outcome.outcome === 'rehearsed' && outcome.package.digest === wanted.digest)
        .filter(
          ({ outcome }) =>
            outcome.scope === wanted.scope &&
            outcome.source === wanted.source &&
            outcome.sourceIdentity?.registration === wanted.registration &&
            Date.parse(outcome.endedAt) >= oldest,
        )
        .sort((one, other) => one.outcome.endedAt.localeCompare(other.outcome.endedAt));
      const newest = fitting.find(({ digest }) => digest === wanted.preferred) ?? fitting.at(-1);
      if (newest === undefined) return null;
      const { id, endedAt: at, tiers } = newest.outcome;
      return {
        digest: newest.digest,
        id,
        at,
        tiers: Object.fromEntries(tiers.map((tier) => [tier.id, tier.ms])),
      };
    }),
  };
}
