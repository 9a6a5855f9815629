import type { CommandText } from './command';
import { EXIT_MEANINGS } from './exit-codes';
import { exitsOf } from './help-text';

/** docs/cli.md, made from the commands themselves; a test compares the two. */
export function cliDocument(commands: readonly CommandText[]): string {
  const shown = commands.filter((command) => command.hidden !== true);
  return [
    '# The command line',
    'Made from the commands themselves (`src/cli/cli-document.ts`); `test/cli/cli-document.test.ts` holds it to them.',
    GENERAL,
    '## Exit codes',
    exitTable(shown),
    '## Commands',
    ...shown.map(commandSection),
    '',
  ].join('\n\n');
}

const GENERAL = `Every command takes \`--json\` (one JSON document on stdout, progress on stderr), \`--config\`, \`--address\`, \`--namespace\` and \`--embedded\`. A command that fails prints \`{"error": {"code", "message", "hint", "details"?}}\` with \`--json\`, and nothing else on stdout; [failures.md](failures.md) has a section for each code.

Which Temporal server: \`--address\`, else Temporal's own environment configuration (\`TEMPORAL_ADDRESS\`, profiles, TLS, API keys), else the embedded one. With a targets.yaml of your own it never falls back to the embedded one: give an address, or \`--embedded\`.

A release or a rehearsal is named by its id, its short id (the last six characters) or \`latest\`; what writes refuses \`latest\`, shows the consequences, and asks on a terminal or needs \`--yes\`. Ctrl-C while watching detaches; it never stops a release.`;

function exitTable(commands: readonly CommandText[]): string {
  const codes = Object.keys(EXIT_MEANINGS);
  const heads = ['command', ...codes];
  const all = ['any', ...codes.map((code) => meaningOf(Object.entries(EXIT_MEANINGS), code))];
  const rows = commands.map((command) => {
    const exits = exitsOf(command);
    return [`\`${command.name}\``, ...codes.map((code) => meaningOf(exits, code))];
  });
  return markdownTable(heads, [all, ...rows]);
}

function meaningOf(exits: readonly (readonly [string, string])[], code: string): string {
  return exits.find(([each]) => each === code)?.[1] ?? '';
}

function commandSection(text: CommandText): string {
  const words = [text.name, ...text.arguments.map(([syntax]) => syntax)].join(' ');
  const parts = [
    `### one-roof ${text.name}`,
    `${text.summary[0]?.toUpperCase() ?? ''}${text.summary.slice(1)}.`,
    `\`one-roof ${words}\``,
    [...text.arguments, ...text.options]
      .map(([name, meaning]) => `- \`${name}\`: ${required(meaning)}`)
      .join('\n'),
    ['```sh', ...text.examples.map(([line, meaning]) => `one-roof ${line}  # ${meaning}`), '```'].join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function required(meaning: string): string {
  return meaning.startsWith('!') ? `${meaning.slice(1)} (required)` : meaning;
}

/** Padded as Prettier does it, so that formatting the documents changes nothing. */
function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
