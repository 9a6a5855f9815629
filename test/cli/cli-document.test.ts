import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliDocument } from '../../src/cli/cli-document';
import { completionsFor } from '../../src/cli/completions';
import { COMMANDS } from '../../src/cli/registry';

describe('the documents of the command line', () => {
  it('are those of the commands as they are', () => {
    const kept = readFileSync(join(__dirname, '..', '..', 'docs', 'cli.md'), 'utf8');
    expect(kept.trimEnd()).toBe(cliDocument(COMMANDS).trimEnd());
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('show %s at work', (_, command) => {
    expect(command.examples.length).toBeGreaterThan(0);
    const flags = command.options.map(([flag]) => flag.split(' ')[0]);
    for (const [line] of command.examples) {
      expect(line.startsWith(command.name)).toBe(true);
      const used = line.match(/(?<= )--[a-z-]+/g) ?? [];
      expect(used.filter((flag) => flag !== '--json' && !flags.includes(flag))).toEqual([]);
    }
  });
});

describe('the completion', () => {
  it('offers commands first, and the second words of a group', () => {
    expect(names([])).toEqual(expect.arrayContaining(['rehearse', 'package', '--json']));
    expect(names(['package'])).toEqual(['check', 'manifest', 'digest']);
  });

  it('offers the options of a command', () => {
    expect(names(['rehearse', 'folder'])).toEqual(expect.arrayContaining(['--source', '--on', '--embedded']));
  });

  it('offers nothing that is hidden', () => {
    expect(names([])).not.toContain('open-gate');
  });
});

function names(typed: readonly string[]): readonly string[] {
  return completionsFor(COMMANDS, typed).map(({ name }) => name);
}
