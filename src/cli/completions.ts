import type { CommandText } from './command';

/** A word that may follow, and what it is. */
export interface Completion {
  readonly name: string;
  readonly description: string;
}

const GLOBAL: readonly Completion[] = [
  { name: '--json', description: 'one JSON document on stdout' },
  { name: '--config', description: 'targets.yaml' },
  { name: '--address', description: "Temporal's address" },
  { name: '--namespace', description: "Temporal's namespace" },
  { name: '--embedded', description: 'use the embedded Temporal server' },
  { name: '--help', description: 'show help' },
];

/** What may follow the words typed so far; `typed` leaves out the program's name and the word at the cursor. */
export function completionsFor(
  commands: readonly CommandText[],
  typed: readonly string[],
): readonly Completion[] {
  const shown = commands.filter((command) => command.hidden !== true);
  const words = typed.filter((word) => !word.startsWith('-'));
  const found = shown.find(({ name }) => startsWith(words, name.split(' ')));
  if (found !== undefined) return [...optionsOf(found), ...GLOBAL];
  const depth = words.length;
  const next = shown.filter(
    ({ name }) => startsWith(name.split(' '), words) && name.split(' ').length > depth,
  );
  const names = next.map(({ name, summary }) => ({
    name: name.split(' ')[depth] ?? '',
    description: summary,
  }));
  return depth === 0 ? [...unique(names), ...GLOBAL] : unique(names);
}

function optionsOf({ options }: CommandText): readonly Completion[] {
  return options.map(([flags, text]) => ({
    name: flags.split(' ')[0] ?? '',
    description: text.replace(/^!/, ''),
  }));
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => words[index] === word);
}

function unique(completions: readonly Completion[]): readonly Completion[] {
  return completions.filter(
    ({ name }, index) => completions.findIndex((each) => each.name === name) === index,
  );
}
