import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FIXTURES = join(__dirname, '..', 'fixtures', 'read-channel');

/** A line of the attack files: what it is, and what must stop it. */
export interface Attack {
  /** `attacks.sql:17`. */
  readonly place: string;
  /** ast, raw, pre, db: as the files' headers say. */
  readonly layer: string;
  readonly category: string;
  readonly text: string | Buffer;
}

export type Legitimate = Pick<Attack, 'place' | 'category'> & { readonly text: string };

export function attacks(): readonly Attack[] {
  return ['attacks.sql', 'further-attacks.sql'].flatMap(linesOf).map(({ place, text, about }) => {
    const [layer = '', category = ''] = about.split('|');
    return { place, layer, category, text };
  });
}

export function legitimate(): readonly Legitimate[] {
  return ['legitimate.sql', 'further-legitimate.sql'].flatMap(linesOf).map(({ place, text, about }) => {
    return { place, category: about.split('|')[0] ?? '', text: text.toString() };
  });
}

/** As failures show it: where, and how it begins. */
export function shown({ place, text }: Pick<Attack, 'place' | 'text'>): string {
  return `${place} ${JSON.stringify(text.toString().slice(0, 100))}`;
}

interface Line {
  readonly place: string;
  readonly text: string | Buffer;
  readonly about: string;
}

const MARKER = ' --@ ';

function linesOf(file: string): readonly Line[] {
  const lines = readFileSync(join(FIXTURES, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const end = line.lastIndexOf(MARKER);
    if (line.startsWith('--#') || end === -1) return [];
    const text = decoded(line.slice(0, end));
    return [{ place: `${file}:${index + 1}`, text, about: line.slice(end + MARKER.length) }];
  });
}

/** ␤, ␀ and, in the further files, ⟦…⟧: bytes, a character, a repetition. Only raw bytes make a buffer. */
function decoded(line: string): string | Buffer {
  const text = line
    .replaceAll('␤', '\n')
    .replaceAll('␀', '\0')
    .replaceAll(/⟦(\d+)×([^⟧]*)⟧/g, (_, times: string, part: string) => part.repeat(Number(times)))
    .replaceAll(/⟦U\+([0-9A-F]{4})⟧/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const parts = text.split(/⟦([0-9A-F ]+)⟧/);
  if (parts.length === 1) return text;
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0 ? Buffer.from(part) : Buffer.from(part.replaceAll(' ', ''), 'hex'),
    ),
  );
}
