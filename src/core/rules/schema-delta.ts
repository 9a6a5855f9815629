import type { CatalogObject, Fingerprint } from '../schema/fingerprint';
import type { SchemaDelta } from '../schema/delta';
import { attributesOf, compareFingerprints } from './compare-fingerprints';
import { isAside } from './partitions-aside';
import type { FourSights, Objects } from './partitions-aside';

/** What a rehearsal saw of the catalog: its source, its clone before the first tier and after the last. */
export interface Rehearsed {
  readonly source: Fingerprint;
  readonly before: Fingerprint;
  readonly applied: Fingerprint;
}

/** The same of a release: before its first tier, and at its end. */
export interface Released {
  readonly entry: Fingerprint;
  readonly exit: Fingerprint;
}

const SINCE_SHOWN = 20;

/**
 * Entry, and what the rehearsal changed, must be the exit: whatever else there is, is unexplained. Only what the rehearsal
 * changed counts, so that names which differ on a clone do not matter; partitions that came or went by a job stand aside.
 */
export function schemaDelta({ source, before, applied }: Rehearsed, { entry, exit }: Released): SchemaDelta {
  const sides = { before: byKey(before), applied: byKey(applied), entry: byKey(entry), exit: byKey(exit) };
  const aside = isAside(sides);
  const changed = [...keysOf(sides.before, sides.applied)].filter((key) => {
    const [was, is] = [sides.before.get(key), sides.applied.get(key)];
    const object = is ?? was;
    return was?.definition !== is?.definition && object !== undefined && !aside(object);
  });
  const expected = new Map(sides.entry);
  for (const key of changed) {
    const object = expectedObject(key, sides);
    if (object === undefined) expected.delete(key);
    else expected.set(key, object);
  }
  const besides = (wanted: boolean) =>
    compareFingerprints(
      schemaOf([...expected.values()].filter((object) => aside(object) === wanted)),
      schemaOf(exit.objects.filter((object) => aside(object) === wanted)),
    );
  const left = besides(false);
  const partitions = besides(true).differences;
  const cut = cutOf(sides);
  const since = compareFingerprints(schemaOf(source.objects), schemaOf(entry.objects)).differences;
  return {
    predicted: changed.length,
    explained: changed.filter((key) => expected.get(key)?.definition === sides.exit.get(key)?.definition)
      .length,
    unexplained: left.differences,
    more: left.more,
    sourceChangedSince: since.slice(0, SINCE_SHOWN),
    ...(partitions.length === 0 ? {} : { partitions: partitions.slice(0, SINCE_SHOWN) }),
    ...(cut.length === 0 ? {} : { cut }),
  };
}

/** Event triggers fire on what a release does, in production alone: a clone's are cut. */
function cutOf({ before, entry }: FourSights): string[] {
  return [...entry].flatMap(([key, { kind, name, definition }]) => {
    const rehearsed = before.get(key)?.definition;
    const fires = (text: string): boolean => attributesOf(text).get('fires') !== 'never';
    if (kind !== 'event trigger' || !fires(definition)) return [];
    return rehearsed !== undefined && fires(rehearsed) ? [] : [name];
  });
}

/** An object that the rehearsal changed, as it is to be found; where it has been changed since, attribute by attribute. */
function expectedObject(key: string, sides: FourSights): CatalogObject | undefined {
  const [before, applied, entry] = [sides.before.get(key), sides.applied.get(key), sides.entry.get(key)];
  const exit = sides.exit.get(key);
  if (applied === undefined || before === undefined || entry === undefined) return applied;
  if (entry.definition === before.definition || exit === undefined) return applied;
  if (exit.definition === applied.definition) return exit;
  const merged = merge(applied.kind, {
    before: before.definition,
    applied: applied.definition,
    entry: entry.definition,
  });
  return isSame(applied.kind, merged, exit.definition) ? exit : { ...applied, definition: merged };
}

interface Definitions {
  readonly before: string;
  readonly applied: string;
  readonly entry: string;
}

function merge(kind: string, { before, applied, entry }: Definitions): string {
  if (kind === 'column order') {
    const [old, now] = [before.split('\n'), applied.split('\n')];
    const kept = entry.split('\n').filter((column) => !old.includes(column) || now.includes(column));
    return [...kept, ...now.filter((column) => !old.includes(column) && !kept.includes(column))].join('\n');
  }
  const [old, now] = [attributesOf(before), attributesOf(applied)];
  const merged = new Map(attributesOf(entry));
  for (const label of new Set([...old.keys(), ...now.keys()])) {
    const value = now.get(label);
    if (old.get(label) === value) continue;
    if (value === undefined) merged.delete(label);
    else merged.set(label, value);
  }
  return [...merged].map(([label, value]) => (label === '' ? value : `${label}: ${value}`)).join('\n');
}

/** The order of attributes says nothing; that of columns does. */
function isSame(kind: string, one: string, other: string): boolean {
  if (kind === 'column order') return one === other;
  const [old, now] = [attributesOf(one), attributesOf(other)];
  return old.size === now.size && [...old].every(([label, value]) => now.get(label) === value);
}

function byKey({ objects }: Fingerprint): Objects {
  return new Map(objects.map((object) => [`${object.kind}\0${object.name}`, object]));
}

function keysOf(one: Objects, other: Objects): ReadonlySet<string> {
  return new Set([...one.keys(), ...other.keys()]);
}

function schemaOf(objects: readonly CatalogObject[]): Fingerprint {
  return { objects: [...objects], contents: {}, sequences: {} };
}
