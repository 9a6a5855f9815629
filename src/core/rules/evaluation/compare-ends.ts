import type { Fingerprint } from '../../schema/fingerprint';
import type { EndsCompared } from '../../schema/evaluation';
import { compareFingerprints } from '../compare-fingerprints';

/** A clone before its first tier and after its last. */
export interface CloneSpan {
  readonly entry: Fingerprint;
  readonly end: Fingerprint;
}

/**
 * Do two ways lead to one end? Their clones were made one after the other, and production went on meanwhile: what was different
 * when they began, and no tier of either has changed, says nothing about the ways. It is left out, and named.
 */
export function compareEnds(one: CloneSpan, other: CloneSpan): Pick<EndsCompared, 'comparison' | 'excused'> {
  const tables = movedBetween(rowsOf(one), rowsOf(other));
  const objects = movedBetween(objectsOf(one), objectsOf(other));
  const comparison = compareFingerprints(
    without(one.end, { tables, objects }),
    without(other.end, { tables, objects }),
  );
  return { comparison, excused: [...objects, ...tables].sort() };
}

interface Values {
  readonly entry: ReadonlyMap<string, string>;
  readonly end: ReadonlyMap<string, string>;
}

/** What the tiers of both have left alone, though it was not the same at the beginning. */
function movedBetween(one: Values, other: Values): ReadonlySet<string> {
  const names = [...new Set([...one.entry.keys(), ...other.entry.keys()])];
  const isLeftAlone = ({ entry, end }: Values, name: string): boolean => entry.get(name) === end.get(name);
  return new Set(
    names.filter(
      (name) =>
        one.entry.get(name) !== other.entry.get(name) && isLeftAlone(one, name) && isLeftAlone(other, name),
    ),
  );
}

function rowsOf({ entry, end }: CloneSpan): Values {
  const values = ({ contents }: Fingerprint): ReadonlyMap<string, string> =>
    new Map(Object.entries(contents).map(([table, { rows, digest }]) => [table, `${rows} ${digest}`]));
  return { entry: values(entry), end: values(end) };
}

function objectsOf({ entry, end }: CloneSpan): Values {
  const values = ({ objects }: Fingerprint): ReadonlyMap<string, string> =>
    new Map(objects.map((object) => [keyOf(object), object.definition]));
  return { entry: values(entry), end: values(end) };
}

function keyOf({ kind, name }: Fingerprint['objects'][number]): string {
  return `${kind} ${name}`;
}

function without(
  { objects, contents, sequences }: Fingerprint,
  moved: { readonly tables: ReadonlySet<string>; readonly objects: ReadonlySet<string> },
): Fingerprint {
  return {
    objects: objects.filter((object) => !moved.objects.has(keyOf(object))),
    contents: Object.fromEntries(Object.entries(contents).filter(([table]) => !moved.tables.has(table))),
    sequences,
  };
}
