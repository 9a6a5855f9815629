import type { Comparison, DifferingObject, DifferingRows, Fingerprint } from '../schema/fingerprint';
import { compareFingerprints, differencesOf } from './compare-fingerprints';
import type { Pair } from './compare-fingerprints';
import { explainRows } from './explain-rows';
import type { ExplainedRows } from './explain-rows';

const OBJECTS_SHOWN = 20;
const TABLES_SHOWN = 20;
/** Characters of a definition: what a history bears. */
const DEFINITION_SHOWN = 1_000;

/** All that a comparison tells, with nothing left out, for who has both fingerprints at hand. */
export interface Explanation {
  readonly comparison: Comparison;
  readonly rows: readonly ExplainedRows[];
}

/**
 * What `compareFingerprints` says, with the definitions side by side and the tables by how many rows. No key is among it,
 * for it goes into histories, which are readable.
 */
export function explainFingerprints(before: Fingerprint, after: Fingerprint): Comparison {
  const { comparison, rows } = explainFully(before, after);
  if (comparison.verdict === 'identical') return compareFingerprints(before, after);
  return {
    ...comparison,
    differences: comparison.differences.map((line) => withRows(line, rows)),
    objects: (comparison.objects ?? []).slice(0, OBJECTS_SHOWN).map(shortened),
    rows: rows.slice(0, TABLES_SHOWN).map((each) => each.rows),
  };
}

/**
 * The same of a database that others write to: the verdict is that on the schema. Of rows only those are compared that both
 * have read, and what differs among them is told beside the verdict, for it may be the work of others.
 */
export function explainBesideOthers(before: Fingerprint, after: Fingerprint): Comparison {
  const schema = explainFingerprints({ ...before, contents: {} }, { ...after, contents: {} });
  const both = (one: Fingerprint, other: Fingerprint): Fingerprint => ({
    objects: [],
    sequences: {},
    contents: Object.fromEntries(
      Object.entries(one.contents).filter(([table]) => other.contents[table] !== undefined),
    ),
  });
  const rows = explainFingerprints(both(before, after), both(after, before));
  if (rows.verdict === 'identical') return schema;
  const told = rows.differences.map((line) => `${line}; others may have written there`);
  return {
    ...schema,
    differences: [...schema.differences, ...told],
    more: schema.more + rows.more,
    ...(rows.rows === undefined ? {} : { rows: rows.rows }),
  };
}

/** The same, whole, and with the keys of the rows that differ. */
export function explainFully(before: Fingerprint, after: Fingerprint): Explanation {
  const differences = differencesOf(before, after);
  return {
    comparison: {
      ...compareFingerprints(before, after),
      objects: differences.flatMap(({ pair }) => (pair === undefined ? [] : [sideBySide(pair)])),
    },
    rows: differences.flatMap(({ table }) => {
      const rows = table === undefined ? undefined : explainRows(before, after, table);
      return rows === undefined ? [] : [rows];
    }),
  };
}

/** `3 changed, 1 missing, 2 new`; `at least` where only buckets are known; empty where only columns differ. */
export function rowsInWords({ changed, missing, added, exact }: DifferingRows): string {
  const counted: readonly (readonly [number | null, string])[] = [
    [changed, 'changed'],
    [missing, 'missing'],
    [added, 'new'],
  ];
  const words = counted.flatMap(([count, word]) =>
    count === null || count === 0 ? [] : [`${count} ${word}`],
  );
  if (words.length === 0) return '';
  return `${exact ? '' : 'at least '}${words.join(', ')}`;
}

function withRows(line: string, rows: readonly ExplainedRows[]): string {
  const found = rows.find((each) => {
    const head = `rows of ${each.rows.table}`;
    return line.startsWith(`${head}:`) || line.startsWith(`${head} differ`);
  });
  const words = found === undefined ? '' : rowsInWords(found.rows);
  return words === '' ? line : `${line}, ${words}`;
}

function sideBySide({ before, after }: Pair): DifferingObject {
  const { kind, name } = before ?? after ?? { kind: '', name: '' };
  return {
    kind,
    name,
    before: before?.definition ?? null,
    after: after?.definition ?? null,
  };
}

function shortened(object: DifferingObject): DifferingObject {
  return { ...object, before: clip(object.before), after: clip(object.after) };
}

function clip(definition: string | null): string | null {
  if (definition === null || definition.length <= DEFINITION_SHOWN) return definition;
  return `${definition.slice(0, DEFINITION_SHOWN - 1)}…`;
}
