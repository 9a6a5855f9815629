import type { CatalogObject, Comparison, Fingerprint } from '../schema/fingerprint';

/** What a fingerprint comparison can find by itself; that a rollback does not run, or is missing, its caller knows. */
type Weight = 'order only' | 'name only' | 'different';

export interface Difference {
  readonly weight: Weight;
  readonly line: string;
  /** Of an object. */
  readonly pair?: Pair;
  /** Of rows. */
  readonly table?: string;
}

export interface Pair {
  readonly before: CatalogObject | undefined;
  readonly after: CatalogObject | undefined;
}

const LINES_SHOWN = 50;
const TEXT_SHOWN = 120;
/** How much of a line stands before the place where it differs. */
const TEXT_BEFORE = 40;

/** Two fingerprints, with a line for each object or table that differs: the schema first, then the rows. */
export function compareFingerprints(before: Fingerprint, after: Fingerprint): Comparison {
  const differences = differencesOf(before, after);
  return {
    verdict: verdictOf(differences),
    differences: differences.slice(0, LINES_SHOWN).map((difference) => difference.line),
    more: Math.max(0, differences.length - LINES_SHOWN),
  };
}

/** Each of them, with what it is a difference of. */
export function differencesOf(before: Fingerprint, after: Fingerprint): readonly Difference[] {
  return [...schemaDifferences(before, after), ...rowDifferences(before, after)];
}

/** Order and names are told apart from the rest only where nothing else differs. */
function verdictOf(differences: readonly Difference[]): 'identical' | Weight {
  const [first] = differences;
  if (first === undefined) return 'identical';
  return differences.every(({ weight }) => weight === first.weight) ? first.weight : 'different';
}

function schemaDifferences(before: Fingerprint, after: Fingerprint): Difference[] {
  const old = byKey(before.objects);
  const now = byKey(after.objects);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort(inOrder);
  const pairs = keys
    .map((key): Pair => ({ before: old.get(key), after: now.get(key) }))
    .filter((pair) => pair.before?.definition !== pair.after?.definition);
  const renamed = findRenamed(pairs);
  const gone = [parentNames(pairs, 'before'), parentNames(pairs, 'after')] as const;
  return pairs.flatMap((pair) => told(pair).map((difference) => ({ ...difference, pair })));
  function told(pair: Pair): Difference[] {
    if (pair.before !== undefined && pair.after !== undefined) return changed(pair.before, pair.after);
    const object = pair.before ?? pair.after;
    if (object === undefined) return [];
    const other = renamed.get(object);
    if (other !== undefined) return pair.before === undefined ? [] : [renamedTo(object, other)];
    if (isPartOf(object, pair.before === undefined ? gone[1] : gone[0])) return [];
    return [{ weight: 'different', line: `${label(object)}: ${pair.after ? 'new' : 'missing'} after` }];
  }
}

function changed(before: CatalogObject, after: CatalogObject): Difference[] {
  if (before.kind !== 'column order') {
    const isOrder = before.kind === 'view' && inAnyOrder(before.definition) === inAnyOrder(after.definition);
    return [{ weight: isOrder ? 'order only' : 'different', line: explain(before, after) }];
  }
  const columns = [before, after].map((order) => order.definition.split('\n'));
  const [old = [], now = []] = columns;
  const kept = old.filter((column) => now.includes(column));
  const left = now.filter((column) => old.includes(column));
  if (kept.join('\n') === left.join('\n')) return []; // columns that came or went are told of by themselves
  return [{ weight: 'order only', line: `${label(before)}: ${kept.join(', ')} → ${left.join(', ')}` }];
}

/** A view on columns that stand in another order selects them so, a line a column. */
function inAnyOrder(definition: string): string {
  const lines = definition.split('\n').map((line) => line.replace(/^(?:query:)?\s*(?:select )?|[,;]$/gi, ''));
  return lines.sort().join('\n');
}

/** `column public.t.b: type integer → bigint; nulls allowed → refused`, at most three attributes. */
function explain(before: CatalogObject, after: CatalogObject): string {
  const old = attributesOf(before.definition);
  const now = attributesOf(after.definition);
  const changes = [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => {
      const [was, is] = firstDifference(old.get(name) ?? 'none', now.get(name) ?? 'none');
      return `${name === '' ? '' : `${name} `}${was} → ${is}`;
    });
  const rest = changes.length > 3 ? `; and ${changes.length - 3} more` : '';
  return `${label(before)}: ${changes.slice(0, 3).join('; ')}${rest}`;
}

/** The labelled values of a definition; continued lines are indented. Text without labels stands under ''. */
export function attributesOf(definition: string): ReadonlyMap<string, string> {
  const lines = definition === '' ? [] : definition.split(/\n(?! {2})/);
  return new Map(
    lines.map((line) => {
      const colon = /^[a-z][\w ."$-]*: /i.exec(line);
      return colon === null ? ['', line] : [colon[0].slice(0, -2), line.slice(colon[0].length)];
    }),
  );
}

/** Of two long texts, the first line in which they differ, from a little before the place. */
function firstDifference(before: string, after: string): readonly [string, string] {
  const old = before.split('\n');
  const now = after.split('\n');
  const at = old.findIndex((line, index) => line !== now[index]);
  const index = at < 0 ? old.length : at;
  const where = index === 0 ? '' : `line ${index + 1}: `;
  const [was, is] = [(old[index] ?? 'nothing').trim(), (now[index] ?? 'nothing').trim()];
  if (was === is) return [`${where}${clip(was)}`, 'the same with other white space'];
  const from = Math.max(0, sharedLength(was, is) - TEXT_BEFORE);
  return [`${where}${clip(was, from)}`, clip(is, from)];
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** From a place on, or from the beginning where that is short enough. */
function clip(line: string, from = 0): string {
  const text = from + TEXT_BEFORE <= TEXT_SHOWN ? line : `…${line.slice(from)}`;
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 1)}…`;
}

/** Constraints and indexes that differ in their own name alone, each with its other one. */
function findRenamed(pairs: readonly Pair[]): ReadonlyMap<CatalogObject, CatalogObject> {
  const waiting = new Map<string, CatalogObject[]>();
  for (const { before, after } of pairs) {
    if (before === undefined || after !== undefined || !isNamedByItself(before)) continue;
    const key = withoutName(before);
    waiting.set(key, [...(waiting.get(key) ?? []), before]);
  }
  const renamed = new Map<CatalogObject, CatalogObject>();
  for (const { before, after } of pairs) {
    if (after === undefined || before !== undefined || !isNamedByItself(after)) continue;
    const other = waiting.get(withoutName(after))?.shift();
    if (other === undefined) continue;
    renamed.set(other, after);
    renamed.set(after, other);
  }
  return renamed;
}

function isNamedByItself({ kind }: CatalogObject): boolean {
  return kind === 'constraint' || kind === 'index';
}

function withoutName({ kind, name, definition }: CatalogObject): string {
  return JSON.stringify([kind, splitName(name)[0], definition]);
}

/** A name that somebody chose may be relied on (`on conflict on constraint`); one that PostgreSQL made is not. */
function renamedTo(before: CatalogObject, after: CatalogObject): Difference {
  const isGenerated = GENERATED.test(before.name) && GENERATED.test(after.name);
  return {
    weight: isGenerated ? 'name only' : 'different',
    line: `${label(before)}: named ${splitName(after.name)[1]} after`,
  };
}

const GENERATED = /_(pkey|key|idx|fkey|check|excl|not_null)\d*"?$/;

/** `public.t` and `t_pkey`; dots within quotes belong to the name. */
function splitName(name: string): readonly [string, string] {
  const last = /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[0] ?? name;
  return [name.slice(0, name.length - last.length - 1), last];
}

/** The relations and types that stand on one side only: what they consist of goes without saying. */
function parentNames(pairs: readonly Pair[], side: 'before' | 'after'): ReadonlySet<string> {
  const other = side === 'before' ? 'after' : 'before';
  return new Set(
    pairs.flatMap((pair) => {
      const object = pair[side];
      return object !== undefined && pair[other] === undefined && WHOLES.has(object.kind)
        ? [object.name]
        : [];
    }),
  );
}

const WHOLES: ReadonlySet<string> = new Set([
  'table',
  'view',
  'materialized view',
  'foreign table',
  'type',
  'domain',
]);
const PARTS: ReadonlySet<string> = new Set([
  'column',
  'attribute',
  'constraint',
  'index',
  'trigger',
  'rule',
  'policy',
]);

function isPartOf({ kind, name }: CatalogObject, wholes: ReadonlySet<string>): boolean {
  if (kind === 'column order') return wholes.has(name);
  return PARTS.has(kind) && wholes.has(splitName(name)[0]);
}

function rowDifferences(before: Fingerprint, after: Fingerprint): Difference[] {
  const names = [...new Set([...Object.keys(before.contents), ...Object.keys(after.contents)])].sort(inOrder);
  const standing = [before, after].map((fingerprint) => new Set(fingerprint.objects.map(({ name }) => name)));
  return names.flatMap((table): Difference[] => {
    const old = before.contents[table];
    const now = after.contents[table];
    if (old?.digest === now?.digest && old?.rows === now?.rows) return [];
    const line = (text: string): Difference[] => [
      { weight: 'different', line: `rows of ${table}${text}`, table },
    ];
    if (old === undefined || now === undefined) {
      const isOnBothSides = standing.every((relations) => relations.has(table));
      return isOnBothSides ? line(`: not read ${old === undefined ? 'before' : 'after'}`) : [];
    }
    if (old.rows !== now.rows) return line(`: ${old.rows} → ${now.rows}`);
    const isComparable = old.digest.split(':')[0] === now.digest.split(':')[0];
    return line(isComparable ? ` differ (${old.rows} rows each)` : `: other columns (${old.rows} rows each)`);
  });
}

function byKey(objects: readonly CatalogObject[]): ReadonlyMap<string, CatalogObject> {
  return new Map(objects.map((object) => [`${object.kind}\0${object.name}`, object]));
}

function label({ kind, name }: CatalogObject): string {
  return `${kind} ${name}`;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
