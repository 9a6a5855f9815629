import type { DifferingRows, Fingerprint, RowDetail, TableContent } from '../schema/fingerprint';

/** The keys of the rows that differ, as text, sorted; empty where there is no key or only buckets are known. */
export interface DifferingKeys {
  readonly missing: readonly string[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
}

/** By how many rows a table differs, the columns of its key, and the keys themselves. */
export interface ExplainedRows {
  readonly rows: DifferingRows;
  readonly key: string | null;
  readonly keys: DifferingKeys;
  /** The buckets in which they are, where only those are known. */
  readonly buckets: { readonly differ: readonly number[]; readonly of: number };
}

interface Line {
  readonly bucket: number;
  /** The hash of a row, or the sum of those of a bucket. */
  readonly hash: string;
  /** The key of a row as JSON, or how many rows are in a bucket. */
  readonly rest: string;
}

const NO_KEYS: DifferingKeys = { missing: [], added: [], changed: [] };

/** A table whose rows differ; undefined where one of the fingerprints has not read it, or knows no more than its digest. */
export function explainRows(
  before: Fingerprint,
  after: Fingerprint,
  table: string,
): ExplainedRows | undefined {
  const [old, now] = [before.contents[table], after.contents[table]];
  if (old?.detail === undefined || now?.detail === undefined) return undefined;
  const isListed = old.detail.by === 'row' && now.detail.by === 'row';
  const head = { table, before: old.rows, after: now.rows };
  if (isListed && old.detail.key === now.detail.key)
    return old.detail.key === null
      ? withoutKeys(head, old, now)
      : byKeys(head, { old, now, key: old.detail.key });
  return byBuckets(head, old, now);
}

type Head = Pick<DifferingRows, 'table' | 'before' | 'after'>;

function byKeys(
  head: Head,
  { old, now, key }: { readonly old: TableContent; readonly now: TableContent; readonly key: string },
): ExplainedRows {
  const keys = differingKeys(linesOf(old.detail), linesOf(now.detail));
  const canCompare = shapeOf(old) === shapeOf(now);
  const told = canCompare ? keys : { ...keys, changed: [] };
  return {
    rows: {
      ...head,
      missing: keys.missing.length,
      added: keys.added.length,
      changed: canCompare ? keys.changed.length : null,
      exact: true,
    },
    key,
    keys: told,
    buckets: { differ: [], of: 0 },
  };
}

/** Rows by their keys, of the whole of a table or of the same buckets of it. */
export function differingKeys(
  before: readonly Pick<Line, 'hash' | 'rest'>[],
  after: readonly Pick<Line, 'hash' | 'rest'>[],
): DifferingKeys {
  const old = new Map(before.map(({ rest, hash }) => [rest, hash]));
  const now = new Map(after.map(({ rest, hash }) => [rest, hash]));
  const [missing, added, changed]: string[][] = [[], [], []];
  for (const [key, hash] of old) {
    const other = now.get(key);
    if (other === undefined) missing?.push(textOf(key));
    else if (other !== hash) changed?.push(textOf(key));
  }
  for (const key of now.keys()) if (!old.has(key)) added?.push(textOf(key));
  return { missing: inOrder(missing), added: inOrder(added), changed: inOrder(changed) };
}

/** Rows stand for themselves: a changed one is one that is missing and one that is new. */
function withoutKeys(head: Head, old: TableContent, now: TableContent): ExplainedRows {
  const left = new Map<string, number>();
  for (const { hash } of linesOf(old.detail)) left.set(hash, (left.get(hash) ?? 0) + 1);
  for (const { hash } of linesOf(now.detail)) left.set(hash, (left.get(hash) ?? 0) - 1);
  const counts = [...left.values()];
  const canCompare = shapeOf(old) === shapeOf(now);
  const over = (sign: number): number => counts.reduce((sum, count) => sum + Math.max(0, sign * count), 0);
  return {
    rows: {
      ...head,
      missing: canCompare ? over(1) : Math.max(0, head.before - head.after),
      added: canCompare ? over(-1) : Math.max(0, head.after - head.before),
      changed: canCompare ? 0 : null,
      exact: canCompare,
    },
    key: null,
    keys: NO_KEYS,
    buckets: { differ: [], of: 0 },
  };
}

/** Of each bucket that differs it is known by how many rows; where that is none, one of them is changed at least. */
function byBuckets(head: Head, old: TableContent, now: TableContent): ExplainedRows {
  const of = Math.min(old.detail?.of ?? 1, now.detail?.of ?? 1);
  const [one, other] = [bucketsOf(old.detail, of), bucketsOf(now.detail, of)];
  const canCompare = shapeOf(old) === shapeOf(now) && old.detail?.key === now.detail?.key;
  const differ = [...new Set([...one.keys(), ...other.keys()])]
    .filter((bucket) => one.get(bucket)?.sum !== other.get(bucket)?.sum)
    .sort((a, b) => a - b);
  const moved = differ.map((bucket) => (other.get(bucket)?.rows ?? 0) - (one.get(bucket)?.rows ?? 0));
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  const net = head.after - head.before;
  return {
    rows: {
      ...head,
      missing: canCompare ? sum(moved.map((by) => Math.max(0, -by))) : Math.max(0, -net),
      added: canCompare ? sum(moved.map((by) => Math.max(0, by))) : Math.max(0, net),
      changed: canCompare ? moved.filter((by) => by === 0).length : null,
      exact: false,
    },
    key: old.detail?.key ?? null,
    keys: NO_KEYS,
    buckets: { differ: canCompare ? differ : [], of },
  };
}

interface Bucket {
  readonly sum: bigint;
  readonly rows: number;
}

/** The buckets of either kind of detail, folded to so many: a power of two, as theirs is. */
function bucketsOf(detail: RowDetail | undefined, of: number): ReadonlyMap<number, Bucket> {
  const buckets = new Map<number, Bucket>();
  for (const { bucket, hash, rest } of linesOf(detail)) {
    const place = bucket % of;
    const found = buckets.get(place) ?? { sum: 0n, rows: 0 };
    const rows = detail?.by === 'row' ? 1 : Number(rest);
    buckets.set(place, { sum: found.sum + BigInt(hash), rows: found.rows + rows });
  }
  return buckets;
}

function linesOf(detail: RowDetail | undefined): readonly Line[] {
  if (detail === undefined || detail.lines === '') return [];
  return detail.lines.split('\n').map((line) => {
    const [bucket = '', hash = ''] = line.split(' ', 2);
    return { bucket: Number(bucket), hash, rest: line.slice(bucket.length + hash.length + 2) };
  });
}

function shapeOf({ digest }: TableContent): string {
  return digest.slice(0, digest.indexOf(':'));
}

function textOf(key: string): string {
  const text: unknown = JSON.parse(key);
  return String(text);
}

/** Numbers as numbers, the rest as text. */
function inOrder(keys: readonly string[] = []): readonly string[] {
  const isNumber = keys.every((key) => /^-?\d+$/.test(key));
  return [...keys].sort((a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}
