import { milliseconds } from '../core/rules/milliseconds';
import { rehearsalSummary } from '../core/rules/evidence-links';
import type { LinkFacts } from '../core/rules/evidence-links';
import type { TierBlast } from '../core/schema/blast';
import type { RehearsedFingerprints } from '../core/schema/delta';
import { standsForRelease } from '../core/rules/evaluation/stands-for-release';
import type { Outcome } from '../core/schema/evidence';
import type { Metrics } from '../core/schema/name';
import { manifestLines } from '../package/manifest';
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
  /** What each tier cost others, where that was measured. */
  readonly blasts?: Readonly<Record<string, TierBlast>>;
  /** Tables that its tiers may have written. */
  readonly touched?: readonly string[];
  readonly fingerprints?: RehearsedFingerprints;
  /** The metrics of its source. */
  readonly entry?: Metrics;
}

/** Evidence in and out of its store. */
export function recordActivities(world: World) {
  return {
    /** Signs and keeps what a workflow observed, as a chain. @returns the chain's head */
    recordEvidence: activity(async ({ outcome }: { outcome: Outcome }): Promise<{ digest: string }> => {
      return { digest: await world.evidence.put(outcome, await factsFor(world, outcome)) };
    }),
    /** A passing rehearsal of exactly these bytes and this scope from this source, young enough: the preferred one, else the newest; null where there is none. */
    findRehearsal: activity(async (wanted: RehearsalWanted): Promise<RehearsalFound | null> => {
      const oldest = Date.now() - milliseconds(wanted.maxAge);
      const fitting = (await world.evidence.ofPackage(wanted.digest))
        .flatMap(({ digest, outcome }) => (outcome.kind === 'rehearsal' ? [{ digest, outcome }] : []))
        .filter(({ outcome }) => standsForRelease(outcome) && outcome.package.digest === wanted.digest)
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
      const { id, endedAt: at, tiers, fingerprints, baseline } = newest.outcome;
      return {
        digest: newest.digest,
        id,
        at,
        tiers: Object.fromEntries(tiers.map((tier) => [tier.id, tier.ms])),
        blasts: Object.fromEntries(
          tiers.flatMap(({ id: tier, blast }) => (blast === undefined ? [] : [[tier, blast]])),
        ),
        touched: [...new Set(tiers.flatMap((tier) => tier.touched ?? []))].sort(),
        ...(fingerprints === undefined ? {} : { fingerprints }),
        entry: baseline.entry,
      };
    }),
  };
}

/** What an auditor needs beside the outcome, as far as it is at hand: a release that could not read it ends all the same. */
async function factsFor(world: World, outcome: Outcome): Promise<LinkFacts> {
  const { digest } = outcome.package;
  const pkg = await world.store.readPackage(digest).catch(() => null); // refused for what it is, or gone: the outcome says so
  const sought = outcome.kind === 'release' ? outcome.rehearsal : null;
  const kept = sought === null ? undefined : await world.evidence.withHead(sought).catch(() => undefined); // the link says that it was not read
  const rehearsal = kept?.outcome;
  return {
    manifest: pkg === null ? null : manifestLines(pkg.manifest.text),
    rehearsal: (rehearsal === undefined ? undefined : rehearsalSummary(rehearsal)) ?? null,
  };
}
