import { Command as Commander, CommanderError } from 'commander';
import { FAILURES } from '../core/rules/failures';
import { ReleaseError } from '../core/rules/release-error';
import { GlobalOptions } from './command';
import type { Command, CommandContext, CommandResult, CommandText } from './command';
import { EXIT_CODES, EXIT_MEANINGS } from './exit-codes';
import { helpExamples } from './help-text';

/** Everything that a run needs but the options, which the program reads itself. */
export type Surroundings = (global: GlobalOptions) => CommandContext;

interface Captured {
  help: string;
  result: CommandResult | undefined;
}

/** Runs the command that the words name. @throws USAGE for a typo, with what was probably meant */
export async function runProgram(
  commands: readonly Command[],
  words: readonly string[],
  surroundings: Surroundings,
): Promise<CommandResult> {
  const captured: Captured = { help: '', result: undefined };
  const program = buildProgram(captured);
  for (const command of commands) {
    const commander = addCommand(program, command);
    commander.action(async (...parts: readonly unknown[]) => {
      const context = surroundings(GlobalOptions.parse(program.opts()));
      captured.result = await command.run(context, wordsOf(command, commander, parts));
    });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return helpOrUsage(error, captured.help, named(commands, words));
    throw error;
  }
  return captured.result ?? helpResult(captured.help);
}

function buildProgram(captured: Captured): Commander {
  return new Commander('one-roof')
    .description(
      'Carries a database release to PostgreSQL: rehearsed on a clone, held at its gate, rolled back exactly if it fails.',
    )
    .option('--json', 'one JSON document on stdout; progress to stderr')
    .option('--config <file>', 'targets.yaml; else $ONE_ROOF_CONFIG, ./targets.yaml, the embedded one')
    .option('--address <host:port>', "Temporal's address; else Temporal's own environment configuration")
    .option('--namespace <name>', "Temporal's namespace")
    .option('--embedded', 'use the embedded Temporal server, whatever is configured')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (captured.help += text),
      writeErr: (text) => (captured.help += text),
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText('after', `\nExit codes:\n${exitLines()}`);
}

function exitLines(): string {
  return Object.entries(EXIT_MEANINGS)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');
}

/** `package check` is the command `check` of the group `package`. */
function addCommand(program: Commander, text: CommandText): Commander {
  const groups = text.name.split(' ');
  const last = groups.pop() ?? '';
  const commander = groups
    .reduce(groupOf, program)
    .command(last, { hidden: text.hidden === true })
    .description(text.summary)
    .addHelpText('after', helpExamples(text));
  for (const [syntax, meaning] of text.arguments) commander.argument(syntax, meaning);
  for (const [flags, meaning] of text.options) {
    // What must be given is verified with all other input: commander would report it before a typo.
    commander.option(flags, meaning.startsWith('!') ? `${meaning.slice(1)} (required)` : meaning);
  }
  return commander;
}

const GROUPS: Readonly<Record<string, string>> = {
  package: 'check a release package, write its manifest, tell its digest',
  target: 'prepare a database as a target',
  clones: 'list and drop the databases that One-Roof made',
  evidence: 'list, show and verify what was signed',
  gate: 'what holds releases back: hard gates and their monitor',
  monitor: 'start, stop and ask the monitor of a target',
};

function groupOf(program: Commander, name: string): Commander {
  const there = program.commands.find((command) => command.name() === name);
  return there ?? program.command(name).description(GROUPS[name] ?? name);
}

/** Arguments by their names, and the options. */
function wordsOf(
  text: CommandText,
  commander: Commander,
  parts: readonly unknown[],
): Readonly<Record<string, unknown>> {
  const named = text.arguments.map(
    ([syntax], index) => [syntax.replaceAll(/[<>[\].]/g, ''), parts[index]] as const,
  );
  return { ...Object.fromEntries(named), ...commander.opts() };
}

/** The command that the words begin with, where they name one. */
function named(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
}

function helpOrUsage(error: CommanderError, help: string, meant: Command | undefined): CommandResult {
  if (error.exitCode === 0) return helpResult(help);
  if (error.code === 'commander.help') return { ...helpResult(help), exit: EXIT_CODES.usage };
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)/s, '; did you mean $1?');
  const hint = meant === undefined ? FAILURES.USAGE.hint : `See \`one-roof ${meant.name} --help\`.`;
  throw new ReleaseError('USAGE', message, { hint, cause: error });
}

function helpResult(help: string): CommandResult {
  return { document: { kind: 'help', text: help }, text: help.trimEnd(), exit: EXIT_CODES.done };
}
