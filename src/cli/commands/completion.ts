import { getCompletionScript, getShellFromEnv, isShellSupported, log, parseEnv } from '@pnpm/tabtab';
import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import { command } from '../command';
import type { Command, CommandText } from '../command';
import { completionsFor } from '../completions';

/** Prints a shell's completion script. */
export const completion = command({
  name: 'completion',
  summary: "print a shell's completion script",
  arguments: [['<shell>', 'bash, zsh, fish or pwsh']],
  options: [],
  examples: [
    ['completion bash >> ~/.bashrc', 'from the next shell on'],
    ['completion zsh >> ~/.zshrc', 'the same for zsh'],
  ],
  exits: { 0: 'printed' },
  input: z.object({ shell: z.string() }),
  run: async (_, { shell }) => {
    if (!isShellSupported(shell)) {
      throw new ReleaseError('USAGE', `there is no completion for ${shell}`, {
        hint: 'Give bash, zsh, fish or pwsh.',
      });
    }
    const script = await getCompletionScript({ name: 'one-roof', completer: 'one-roof', shell });
    return { document: { kind: 'completion', shell, script }, text: script, exit: 0 };
  },
});

/** What the completion script asks for the next words; only that script calls it. */
export function completionServer(commands: () => readonly CommandText[]): Command {
  return command({
    name: 'completion-server',
    summary: 'answer the completion script',
    arguments: [['[words...]', 'the line typed so far']],
    options: [],
    examples: [['completion-server -- one-roof re', 'the words that may follow']],
    exits: { 0: 'answered' },
    hidden: true,
    input: z.object({ words: z.array(z.string()).default([]) }),
    run: (context) => {
      const environment = definedOf(context.environment);
      const { partial } = parseEnv(environment);
      const typed = partial.trimStart().split(/\s+/).slice(1, -1);
      const found = completionsFor(commands(), typed);
      const lines: string[] = [];
      const items = found.map(({ name, description }) => ({ name, description }));
      log(items, getShellFromEnv(environment), (line) => lines.push(line));
      return Promise.resolve({
        document: { kind: 'completions', completions: found },
        text: lines.join('\n'),
        exit: 0,
      });
    },
  });
}

function definedOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
