import type { Outcome } from '../schema/evidence';
import type { Comparison, FingerprintSummary } from '../schema/fingerprint';
import type { RehearsalOutcome, ReleaseOutcome } from '../schema/outcome';

/** A document of the store that evidence names by its SHA-256. */
export interface NamedDocument {
  readonly what: string;
  readonly sha256: string;
}

/** What an outcome refers to instead of saying it: what each statement did, and the fingerprints; each document once. */
export function documentsOf(outcome: Outcome): readonly NamedDocument[] {
  const all = namedIn(outcome);
  return all.filter(({ sha256 }, index) => all.findIndex((each) => each.sha256 === sha256) === index);
}

function namedIn(outcome: Outcome): readonly NamedDocument[] {
  switch (outcome.kind) {
    case 'rehearsal':
      return ofRehearsal(outcome);
    case 'release':
      return ofRelease(outcome);
    case 'evaluation': // what its rehearsals refer to, their own evidence names
      return outcome.ends.flatMap(({ scope, comparison }) => compared(`the ends of ${scope}`, comparison));
  }
}

function ofRehearsal({ tiers, fingerprints, reapplied, evaluated }: RehearsalOutcome) {
  return [
    ...measured(tiers),
    ...measured(evaluated?.earlier ?? []),
    ...Object.entries(fingerprints ?? {}).map(([of, sha256]) => ({ what: `the fingerprint ${of}`, sha256 })),
    ...tiers.flatMap(({ id, notRestored }) => compared(`the rollback of ${id}`, notRestored)),
    ...compared('the second application', reapplied),
    ...summed('entry', evaluated?.entry),
    ...summed('end', evaluated?.end),
  ];
}

function ofRelease({ tiers, fingerprint: { before, after }, rollback }: ReleaseOutcome) {
  return [
    ...measured(tiers),
    ...summed('before', before),
    ...summed('after', after),
    ...compared('the rollback', rollback),
  ];
}

interface Measured {
  readonly id: string;
  readonly measures?: string | null | undefined;
}

function measured(tiers: readonly Measured[]): readonly NamedDocument[] {
  return tiers.flatMap(({ id, measures }) =>
    measures === null || measures === undefined ? [] : [{ what: `what ${id} did`, sha256: measures }],
  );
}

function summed(of: string, summary: FingerprintSummary | null | undefined): readonly NamedDocument[] {
  return summary === null || summary === undefined
    ? []
    : [{ what: `the fingerprint ${of}`, sha256: summary.ref }];
}

/** Both sides of a comparison. */
function compared(what: string, comparison: Comparison | null | undefined): readonly NamedDocument[] {
  const sides = Object.entries(comparison?.documents ?? {});
  return sides.map(([side, sha256]) => ({ what: `the fingerprint ${side} ${what}`, sha256 }));
}
