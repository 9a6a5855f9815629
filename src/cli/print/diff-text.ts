import { rowsInWords } from '../../core/rules/explain-fingerprints';
import type { Explanation } from '../../core/rules/explain-fingerprints';
import type { ExplainedRows } from '../../core/rules/explain-rows';
import type { DifferingObject } from '../../core/schema/fingerprint';
import type { Terminal } from '../terminal';
import { facts } from './table';

const OBJECTS_SHOWN = 50;
const KEYS_SHOWN = 10;

interface Head {
  readonly of: string;
  readonly at: string | null;
}

/** What differs: a line each first, then the definitions, the lines of one side only marked as `diff -u` marks them. */
export function diffText(
  { comparison, rows }: Explanation,
  heads: { readonly before: Head; readonly after: Head },
  { colours }: Pick<Terminal, 'colours'>,
): string {
  const { verdict, differences, more, objects = [] } = comparison;
  const lines = differences.map((line) => `  ${withKeys(line, rows).replaceAll('\n', '\n  ')}`);
  const shown = objects
    .slice(0, OBJECTS_SHOWN)
    .filter(({ before, after }) => before !== null && after !== null);
  return [
    facts([
      ['before', headText(heads.before)],
      ['after', headText(heads.after)],
      ['verdict', verdict],
    ]),
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(more === 0 ? [] : [`  and ${more} more`]),
    ...shown.flatMap((object) => ['', colours.bold(`${object.kind} ${object.name}`), ...sideBySide(object)]),
  ].join('\n');
}

function headText({ of, at }: Head): string {
  return at === null ? of : `${of}, ${at}`;
}

/** `rows of public.user: 30 → 31, 3 changed, 2 new; id: changed 17, 23, 40; new 31, 32`. */
function withKeys(line: string, rows: readonly ExplainedRows[]): string {
  const found = rows.find(({ rows: { table } }) =>
    [`rows of ${table}:`, `rows of ${table} differ`].some((head) => line.startsWith(head)),
  );
  if (found === undefined) return line;
  const { changed, missing, added } = found.keys;
  const told = [namedKeys('changed', changed), namedKeys('missing', missing), namedKeys('new', added)].flat();
  const words = rowsInWords(found.rows);
  const counted = words === '' ? line : `${line}, ${words}`;
  return told.length === 0 ? counted : `${counted}; ${found.key ?? ''}: ${told.join('; ')}`;
}

function namedKeys(word: string, keys: readonly string[]): readonly string[] {
  if (keys.length === 0) return [];
  const more = keys.length > KEYS_SHOWN ? ', …' : '';
  return [`${word} ${keys.slice(0, KEYS_SHOWN).join(', ')}${more}`];
}

function sideBySide({ before, after }: DifferingObject): readonly string[] {
  const [old, now] = [(before ?? '').split('\n'), (after ?? '').split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}
