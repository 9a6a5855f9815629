import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { z } from 'zod';
import { Descriptor } from '../../src/core/schema/descriptor';
import { Targets } from '../../src/core/schema/target';
import { descriptorJsonSchema } from '../../src/package/json-schema';
import { ROOT, anchorsOf, keyRows, page, sectionsOf } from './pages';
import { keysOf } from './schema-keys';

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .map(page);
const readme = page('README.md');
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

describe('README.md', () => {
  it('has at most 150 lines', () => {
    expect(readme.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('says of every dependency what it is for, and of nothing else', () => {
    const section = sectionsOf(readme, 2).get('Dependencies') ?? '';
    const named = section.split('\n').flatMap((line) => codeOf(line.split(' | ')[0] ?? ''));
    expect(named.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('has a sentence for every folder of the sources', () => {
    const named = (sectionsOf(readme, 2).get('Folders') ?? '')
      .split('\n')
      .flatMap((line) => codeOf(line.split(' | ')[0] ?? ''));
    const folders = readdirSync(join(ROOT, 'src')).map((name) => `src/${name}`);
    expect(named).toEqual(expect.arrayContaining(folders));
    for (const folder of named) expect([folder, existsSync(join(ROOT, folder))]).toEqual([folder, true]);
  });

  it('names scripts that there are', () => {
    const scripts = [...readme.text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]);
    expect(scripts).toContain('demo');
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
  });
});

describe('the documents', () => {
  it('are read for their commands', () => {
    expect(commandLinesOf(readme.text)).toContain('up --stand-in');
    expect(commandLinesOf('run `one-roof status ID`, not `npx one-roof`')).toEqual(['status ID']);
  });

  it.each(PAGES)('$path names commands and options that there are', ({ text }) => {
    const commands = commandsOfProgram();
    for (const line of commandLinesOf(text)) {
      const words = line.split(/\s+/);
      const found = commands.find(({ name }) => words.slice(0, name.split(' ').length).join(' ') === name);
      expect([line, found?.name]).toEqual([line, expect.any(String)]);
      const options = [...line.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([option]) => option);
      expect([line, [...(found?.options ?? []), ...GLOBAL]]).toEqual([line, expect.arrayContaining(options)]);
    }
  });

  it.each(PAGES)('$path links to what there is', ({ path, text }) => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const there = file === '' ? path : normalize(join(dirname(path), file));
      expect([target, existsSync(join(ROOT, there))]).toEqual([target, true]);
      if (anchor !== undefined)
        expect([target, anchorsOf(page(there))]).toContainEqual(expect.arrayContaining([anchor]));
    }
  });

  it.each(PAGES)('$path names files that there are', ({ text }) => {
    const named = text.match(/(?<![\w/.$])(?:src|sql|deploy|tools|docs)\/[\w./-]*\w/g) ?? [];
    for (const path of named) {
      if (path === 'deploy/.env') continue;
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    }
  });

  it.each(PAGES)("$path keeps to the house's words", ({ text }) => {
    const prose = text.replaceAll(/```[^]*?```|`[^`]*`|\[[^\]]*\]\([^)]*\)/g, '');
    expect(prose.match(/\b(migrat|deploy|revert|undo)\w*/gi) ?? []).toEqual([]);
  });
});

describe('docs/package.md', () => {
  it('describes every key of the descriptor, with its default, and no other', () => {
    const section = sectionsOf(page('docs/package.md'), 2).get('release.yaml') ?? '';
    expect(described(section)).toEqual(keysOf(Descriptor));
  });
});

describe('docs/package.schema.json', () => {
  it('is made from the one schema that there is', () => {
    const written: unknown = JSON.parse(readFileSync(join(ROOT, 'docs/package.schema.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(descriptorJsonSchema())));
  });
});

describe('docs/operating.md', () => {
  it('describes every key of targets.yaml, with its default, and no other', () => {
    const sections = sectionsOf(page('docs/operating.md'), 2);
    const parts = ['targets.yaml', 'Policy', 'Telling people'].map((name) => sections.get(name) ?? '');
    const rows = described(parts.join('\n'));
    expect(rows).toEqual(keysOf(Targets));
  });
});

const GLOBAL = ['--json', '--config', '--address', '--namespace', '--embedded', '--help'];

interface NamedCommand {
  readonly name: string;
  readonly options: readonly string[];
}

/** Read from the sources: the command line's own libraries do not load here. The longest names first. */
function commandsOfProgram(): readonly NamedCommand[] {
  const folder = join(ROOT, 'src', 'cli', 'commands');
  const found = readdirSync(folder).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const options = [...source.matchAll(/'(--[a-z-]+)[ ']/g)].map((match) => match[1] ?? '');
    return [...source.matchAll(/^ {2}name: '([a-z -]+)',$/gm)].map((match) => ({
      name: match[1] ?? '',
      options,
    }));
  });
  return [...found, { name: 'help', options: [] }].sort((one, other) => other.name.length - one.name.length);
}

/** What stands behind `one-roof`, in code alone. */
function commandLinesOf(text: string): readonly string[] {
  const code = [...text.matchAll(/```(?:sh|console)\n([^]*?)```|`([^`\n]+)`/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return code.flatMap((block) =>
    [...block.matchAll(/(?:^|[\s(])one-roof ((?!COMMAND)[a-z][^\n|#>]*)/gm)].map((match) =>
      (match[1] ?? '').trim(),
    ),
  );
}

function described(section: string): (readonly [string, string])[] {
  return keyRows(section).map(([key = '', , omitted = '']) => [key.replaceAll('`', ''), omitted]);
}

function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}
