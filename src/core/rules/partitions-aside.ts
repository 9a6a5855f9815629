import type { CatalogObject } from '../schema/fingerprint';
import { attributesOf } from './compare-fingerprints';

/** Objects of one fingerprint by kind and name. */
export type Objects = ReadonlyMap<string, CatalogObject>;

/** The same database seen four times: a clone before and after the tiers, production before and after them. */
export interface FourSights {
  readonly before: Objects;
  readonly applied: Objects;
  readonly entry: Objects;
  readonly exit: Objects;
}

/**
 * Partitions come and go by a job of their own, whatever is released: one that the rehearsal neither made nor dropped, and
 * that production has or had when the clone did not, or the reverse, tells nothing of the release. Nor does what it consists of.
 */
export function isAside(sights: FourSights): (object: CatalogObject) => boolean {
  const { before, applied, entry, exit } = sights;
  const keys = new Set(Object.values(sights).flatMap(partitionsOf));
  const moved = [...keys].filter((key) => {
    if (before.has(key) !== applied.has(key)) return false; // the release makes it, or drops it
    return before.has(key) ? !(entry.has(key) && exit.has(key)) : entry.has(key) || exit.has(key);
  });
  const names = new Set(moved.map((key) => key.slice(key.indexOf('\0') + 1)));
  return ({ kind, name }) => {
    const identity =
      kind === 'comment' || kind === 'security label' ? name.slice(name.indexOf(' ') + 1) : name;
    return prefixesOf(identity).some((prefix) => names.has(prefix));
  };
}

function partitionsOf(objects: Objects): readonly string[] {
  return [...objects].flatMap(([key, { kind, definition }]) =>
    /table$/.test(kind) && attributesOf(definition).has('partition bound') ? [key] : [],
  );
}

/** `public.t.a` → itself, `public.t`, `public`; dots within quotes belong to a name. */
function prefixesOf(name: string): readonly string[] {
  const parts = name.match(/(?:"(?:[^"]|"")*"|[^."])+/g) ?? [];
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
