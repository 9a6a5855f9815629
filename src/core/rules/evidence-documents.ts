import type { Outcome } from '../schema/evidence';

/** A document of the store that evidence names by its SHA-256. */
export interface NamedDocument {
  readonly what: string;
  readonly sha256: string;
}

/** What an outcome refers to instead of saying it: what each statement did, and the fingerprints. */
export function documentsOf(outcome: Outcome): readonly NamedDocument[] {
  if (outcome.kind === 'evaluation') return []; // what its rehearsals refer to, their own evidence names
  const measured = outcome.tiers.flatMap(({ id, measures }) =>
    measures === null || measures === undefined ? [] : [{ what: `what ${id} did`, sha256: measures }],
  );
  if (outcome.kind === 'rehearsal') {
    const taken = Object.entries(outcome.fingerprints ?? {});
    return [...measured, ...taken.map(([of, sha256]) => ({ what: `the fingerprint ${of}`, sha256 }))];
  }
  const { before, after } = outcome.fingerprint;
  return [
    ...measured,
    ...(before === null ? [] : [{ what: 'the fingerprint before', sha256: before.ref }]),
    ...(after === null ? [] : [{ what: 'the fingerprint after', sha256: after.ref }]),
  ];
}
