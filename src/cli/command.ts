import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import type { Environment } from '../postgres/endpoint';
import type { ExitCode } from './exit-codes';
import type { Terminal } from './terminal';

/** Options that every command takes. */
export const GlobalOptions = z.object({
  json: z.boolean().default(false),
  config: z.string().optional(),
  address: z.string().optional(),
  namespace: z.string().optional(),
  embedded: z.boolean().default(false),
});
export type GlobalOptions = Readonly<z.infer<typeof GlobalOptions>>;

/** What the composition root hands to every command. */
export interface CommandContext {
  /** The folder of One-Roof itself; embedded servers keep their state there. */
  readonly checkout: string;
  /** Where the user stands: `targets.yaml` is looked for there. */
  readonly folder: string;
  readonly environment: Environment;
  readonly global: GlobalOptions;
  readonly terminal: Terminal;
  /** From now on Ctrl-C, SIGTERM and a closed terminal only fire this signal. */
  readonly interruption: () => AbortSignal;
  /** For what reads the process's environment by itself: drivers their PGPASSFILE, the worker its settings. */
  readonly setEnvironment: (name: string, value: string) => void;
}

/** A command's result: one JSON document, the same for people, and how it ended. */
export interface CommandResult {
  readonly document: unknown;
  readonly text: string;
  readonly exit: ExitCode;
  /** A pager shows the text where it is higher than the terminal. */
  readonly isLong?: boolean;
  /** How the last line of the text ends; a line feed when left out. */
  readonly lineEnd?: string;
}

/** What is known of a command without running it: its help, its documentation and its completion are made from this. */
export interface CommandText {
  /** One word or two: `release`, `package check`. */
  readonly name: string;
  readonly summary: string;
  /** `<folder>` or `[id]`, and what it is. */
  readonly arguments: readonly (readonly [syntax: string, text: string])[];
  /** `--gate <gate>`, and what it is; a `!` before the text: it must be given. */
  readonly options: readonly (readonly [flags: string, text: string])[];
  readonly examples: readonly (readonly [line: string, text: string])[];
  /** What its exit codes mean here; 1 and 2 are every command's. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
  readonly hidden?: true;
}

export interface Command extends CommandText {
  /** Takes what the command line held, by name; parses it once, here. */
  readonly run: (context: CommandContext, words: Readonly<Record<string, unknown>>) => Promise<CommandResult>;
}

/** A command from its text, the schema of its input and its work. @throws USAGE where the input does not fit */
export function command<Schema extends z.ZodType>({
  input,
  run,
  ...text
}: CommandText & {
  readonly input: Schema;
  readonly run: (context: CommandContext, input: z.infer<Schema>) => Promise<CommandResult>;
}): Command {
  return { ...text, run: (context, words) => run(context, parseInput(text, input, words)) };
}

function parseInput<Schema extends z.ZodType>(
  text: CommandText,
  schema: Schema,
  words: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(words);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const key = String(path[0] ?? '');
    return words[key] === undefined
      ? `${nameOf(text, key)} must be given`
      : `${nameOf(text, key, words[key])} does not fit: ${message}`;
  });
  throw new ReleaseError('USAGE', problems.join('; '), {
    hint: `See \`one-roof ${text.name} --help\`.`,
    details: { problems },
  });
}

/** `keepAs` → `--keep-as`, an argument by what was given for it, else by its own name. */
function nameOf(text: CommandText, key: string, given?: unknown): string {
  const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isOption = text.options.some(([flags]) => flags.split(' ').includes(flag));
  if (isOption) return flag;
  return typeof given === 'string' && given !== '' ? `'${given}'` : key.toUpperCase();
}
