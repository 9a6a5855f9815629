import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** A page that people read. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The anchors of its headings, as GitHub makes them. */
export function anchorsOf({ text }: Page): readonly string[] {
  return headingsOf(text).map(({ title }) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Its sections of one depth: heading → the text below it, down to the next heading that is not deeper. */
export function sectionsOf({ text }: Page, depth: number): ReadonlyMap<string, string> {
  const lines = text.split('\n');
  const starts = headingsOf(text).filter((heading) => heading.depth <= depth);
  return new Map(
    starts
      .map((heading, index) => ({ heading, end: starts[index + 1]?.line ?? lines.length }))
      .filter(({ heading }) => heading.depth === depth)
      .map(({ heading, end }) => [heading.title, lines.slice(heading.line + 1, end).join('\n')]),
  );
}

/** The cells of every table row whose first cell is code: ``| `key` | … |``. */
export function keyRows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => /^\| `[^`]+` \|/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

interface Heading {
  readonly depth: number;
  readonly title: string;
  readonly line: number;
}

function headingsOf(text: string): readonly Heading[] {
  let isCode = false;
  return text.split('\n').flatMap((content, line) => {
    if (content.startsWith('```')) isCode = !isCode;
    const match = isCode ? null : /^(#+) (.+)$/.exec(content);
    return match === null ? [] : [{ depth: match[1]?.length ?? 0, title: match[2] ?? '', line }];
  });
}
