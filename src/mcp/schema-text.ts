import type { Part, Relation } from './schema-tool';

interface Asked {
  readonly target: string;
  readonly pattern: string;
  readonly found: number;
  readonly isDetailed: boolean;
}

/** A schema to read: a line a relation, and below it a line a part. */
export function schemaText(
  relations: readonly Relation[],
  { target, pattern, found, isDetailed }: Asked,
): string {
  const count = `${found} ${found === 1 ? 'relation' : 'relations'} of ${target} like ${pattern}`;
  const alone =
    isDetailed || found === 0 ? '' : '; the names alone: narrow the pattern to see columns and keys';
  return [`${count}${alone}`, '', ...relations.flatMap(linesOf)].join('\n');
}

function linesOf({ kind, schema, name, rows, comment, parts = [] }: Relation): readonly string[] {
  const size = rows === null ? '' : `, about ${rows} rows`;
  return [`${kind} ${oneLine(`${schema}.${name}`)}${size}${said(comment)}`, ...parts.map(partLine)];
}

function partLine({ part, name, definition, comment }: Part): string {
  const named =
    part === 'index' || part === 'definition'
      ? part
      : part === 'column'
        ? oneLine(name)
        : `${part} ${oneLine(name)}`;
  return `  ${named}: ${oneLine(definition)}${said(comment)}`;
}

function said(comment: string | null): string {
  return comment === null ? '' : `  -- ${oneLine(comment)}`;
}

/** What a person has written into a comment stays on its line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
