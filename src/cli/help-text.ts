import type { CommandText } from './command';
import { EXIT_MEANINGS } from './exit-codes';

/** What stands below a command's options: examples, and what its exit codes mean. */
export function helpExamples(text: CommandText): string {
  const examples = text.examples.map(([line, meaning]) => `  $ one-roof ${line}\n      ${meaning}`);
  const exits = exitsOf(text).map(([code, meaning]) => `  ${code}  ${meaning}`);
  return `\nExamples:\n${examples.join('\n')}\n\nExit codes:\n${exits.join('\n')}`;
}

/** A command's exit codes with what they mean for it. */
export function exitsOf(text: CommandText): readonly (readonly [code: string, meaning: string])[] {
  const all = { 0: EXIT_MEANINGS[0], 1: 'a server or a tool failed', 2: EXIT_MEANINGS[2], ...text.exits };
  return Object.entries(all);
}
