import type { CatalogObject, Comparison, Fingerprint } from '../schema/fingerprint';
import { attributesOf, compareFingerprints } from './compare-fingerprints';

/** A database before a step, after the step and its rollback, and after a second run of both from the same state. */
export interface Runs {
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  readonly again: Fingerprint;
}

const UNSTEADY = 'not deterministic';

/**
 * The comparison of a rollback that did not give back what was there. What two runs from the same state leave differently
 * (a time of day that became a default, random values) is no fault of the rollback: where nothing else differs, the
 * verdict is `not deterministic`; else it is that on the rest. All differences are told either way.
 */
export function compareRuns({ before, after, again }: Runs): Comparison {
  const whole = compareFingerprints(before, after);
  if (compareFingerprints(after, again).verdict === 'identical') return whole;
  const rest = compareFingerprints(steadyPart(before, after, again), steadyPart(after, after, again));
  return { ...whole, verdict: rest.verdict === 'identical' ? UNSTEADY : rest.verdict };
}

/** A fingerprint in which whatever differs between the two runs is written alike. */
function steadyPart(fingerprint: Fingerprint, after: Fingerprint, again: Fingerprint): Fingerprint {
  const one = byKey(after.objects);
  const other = byKey(again.objects);
  const objects = fingerprint.objects.map((object) => {
    const runs = [one.get(keyOf(object)), other.get(keyOf(object))] as const;
    return runs[0] === undefined || runs[1] === undefined ? object : steadyObject(object, runs[0], runs[1]);
  });
  return { ...fingerprint, objects, contents: steadyContents(fingerprint, after, again) };
}

function steadyObject(object: CatalogObject, one: CatalogObject, other: CatalogObject): CatalogObject {
  if (one.definition === other.definition || object.kind === 'column order') return object;
  const [first, second] = [attributesOf(one.definition), attributesOf(other.definition)];
  const isUnsteady = (label: string): boolean => first.get(label) !== second.get(label);
  const lines = [...attributesOf(object.definition)].map(
    ([label, value]) => `${label}: ${isUnsteady(label) ? UNSTEADY : value}`,
  );
  return { ...object, definition: lines.join('\n') };
}

/** How many rows there are still counts, and of which columns. */
function steadyContents(
  fingerprint: Fingerprint,
  after: Fingerprint,
  again: Fingerprint,
): Fingerprint['contents'] {
  const contents = { ...fingerprint.contents };
  for (const [table, content] of Object.entries(fingerprint.contents)) {
    const [one, other] = [after.contents[table], again.contents[table]];
    if (one === undefined || other === undefined || one.digest === other.digest) continue;
    contents[table] = { ...content, digest: `${content.digest.split(':')[0] ?? ''}:${UNSTEADY}` };
  }
  return contents;
}

function byKey(objects: readonly CatalogObject[]): ReadonlyMap<string, CatalogObject> {
  return new Map(objects.map((object) => [keyOf(object), object]));
}

function keyOf({ kind, name }: CatalogObject): string {
  return `${kind}\0${name}`;
}
