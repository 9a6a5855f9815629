import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
const SRC = join(ROOT, 'src');

/** Which rooms a room may enter: DESIGN.md §3. `type`: only for the names of shapes, which leave nothing in the bundle. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core/schema': ['core/schema'],
  'core/rules': ['core/rules', 'type core/schema'],
  workflows: ['workflows', 'core/rules', 'type core/schema', 'type activities'],
  activities: [
    'activities',
    'core/rules',
    'core/schema',
    'postgres',
    'package',
    'read-channel',
    'evidence',
    'notify',
  ],
  notify: ['notify', 'core/rules', 'type core/schema'],
  postgres: ['postgres', 'read-channel', 'core/rules', 'core/schema'],
  grammar: ['grammar'],
  'read-channel': ['read-channel', 'grammar', 'core/rules', 'core/schema'],
  asking: ['asking', 'read-channel', 'postgres', 'core/rules', 'core/schema'],
  mcp: ['mcp', 'asking', 'package', 'core/rules', 'core/schema'],
  package: ['package', 'grammar', 'read-channel', 'core/rules', 'core/schema'],
  evidence: ['evidence', 'core/rules', 'core/schema'],
  worker: ['worker', 'activities', 'core/rules', 'core/schema', 'package', 'evidence', 'type postgres'],
  client: ['client', 'core/rules', 'core/schema'],
  embedded: ['embedded', 'core/rules', 'core/schema'],
  cli: [
    'cli',
    'client',
    'core/rules',
    'core/schema',
    'embedded',
    'evidence',
    'package',
    'postgres',
    'read-channel',
    'asking',
    'mcp',
    'worker',
  ],
};

/** Which packages a room may use; what is not named here may be used by every room below `worker` and `cli`. */
const PACKAGES_OF: Readonly<Record<string, RegExp>> = {
  'core/schema': /^zod$/,
  'core/rules': /^$/,
  workflows: /^@temporalio\/workflow$/,
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

describe('the house', () => {
  const files = filesBelow(SRC);
  const imports = files.flatMap(importsOf);

  it('has a row in the table for each room', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('has doors in one direction only', () => {
    const inner = imports.filter(({ to }) => to.startsWith('.'));
    expect(inner.length).toBeGreaterThan(100);
    expect(inner.filter((each) => !isAllowed(each)).map(show)).toEqual([]);
  });

  it('keeps the decisions and the workflows free of everything but their own', () => {
    const outer = imports.filter(
      ({ from, to }) => !to.startsWith('.') && PACKAGES_OF[roomOf(from)] !== undefined,
    );
    expect(outer.filter(({ from, to }) => PACKAGES_OF[roomOf(from)]?.test(to) !== true).map(show)).toEqual(
      [],
    );
  });

  it('names no file for nothing', () => {
    const names = [...files, ...filesBelow(join(ROOT, 'test'))].map((file) => relative(ROOT, file));
    expect(
      names.filter((name) => /(^|\/)(utils?|helpers?|common|misc|types|shared)\.ts$/.test(name)),
    ).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9./-]+$/.test(name))).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gms;
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => ({
    from: file,
    to: match[2] ?? '',
    isType: match[1] !== undefined,
  }));
}

function isAllowed({ from, to, isType }: Import): boolean {
  const room = roomOf(join(dirname(from), to));
  const allowed = MAY_IMPORT[roomOf(from)] ?? [];
  return allowed.includes(room) || (isType && allowed.includes(`type ${room}`));
}

function roomOf(path: string): string {
  const parts = relative(SRC, path).split('/');
  return parts[0] === 'core' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function show({ from, to }: Import): string {
  return `${relative(ROOT, from)} → ${to}`;
}
