import { resolve } from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../../client/outcome';
import { readOutcome } from '../../client/outcome';
import type { Temporal } from '../../client/connection';
import { resolveReference } from '../../client/reference';
import { ReleaseError } from '../../core/rules/release-error';
import { markdownOf } from '../../evidence/document-markdown';
import { reportOf } from '../../evidence/report';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { documentResult, writeText } from '../document-result';
import { EXIT_CODES } from '../exit-codes';
import { Reference, oneOf } from '../input';
import { keptOutcome } from '../kept-outcome';
import { reportFacts } from '../report-facts';
import { withServer } from '../server-choice';

/** The report of what has ended. */
export const report = command({
  name: 'report',
  summary: 'the report of a release or a rehearsal that has ended',
  arguments: [['<id>', 'id, short id or `latest`']],
  options: [
    [
      '--format <md|html|json>',
      'Markdown, which it is when left out; one HTML page with pictures; or the document itself',
    ],
    ['--output <file>', 'write it there instead of to stdout'],
  ],
  examples: [
    ['report latest --output release.md', 'the newest, as Markdown'],
    ['report latest --format html --output release.html', 'a page to read, to print, to send'],
    ['report release-one-roof-governance-7k3f9q --format json', 'also after Temporal has forgotten it'],
  ],
  exits: { 0: 'written', 2: 'it has not ended yet, or wrong usage', 4: 'the evidence was changed' },
  input: z.object({
    id: Reference,
    format: oneOf(['md', 'html', 'json']).default('md'),
    output: z.string().optional(),
  }),
  run: async (context, { id, format, output }) => {
    const outcome = await findOutcome(context, id);
    if (format === 'json') return await outcomeItself(context, outcome, output);
    const document = reportOf(await reportFacts(context, outcome));
    const markdown = format === 'md' && output === undefined ? { markdown: markdownOf(document) } : {};
    return await documentResult(context, document, {
      format,
      output,
      facts: { kind: 'report', id: outcome.id, ...markdown },
    });
  },
});

async function outcomeItself(
  { folder }: CommandContext,
  outcome: Outcome,
  output: string | undefined,
): Promise<CommandResult> {
  const text = JSON.stringify(outcome, null, 2);
  if (output === undefined) return { document: outcome, text, exit: EXIT_CODES.done };
  const file = resolve(folder, output);
  await writeText(file, `${text}\n`);
  const document = { kind: 'report', id: outcome.id, format: 'json', file };
  return { document, text: `written to ${file}`, exit: EXIT_CODES.done };
}

/** From Temporal; where its retention is over or it cannot be reached, from the evidence in the store. */
async function findOutcome(context: CommandContext, reference: string): Promise<Outcome> {
  try {
    return await withServer(context, (temporal) => outcomeInTemporal(temporal, reference));
  } catch (error) {
    const kept = isForgotten(error) ? await keptOutcome(context, reference) : undefined;
    if (kept === undefined) throw error;
    context.terminal.note('from the evidence in the store; Temporal does not tell it');
    return kept;
  }
}

async function outcomeInTemporal(temporal: Temporal, reference: string): Promise<Outcome> {
  const kinds = ['release', 'rehearsal', 'evaluation'] as const;
  const { id, endedAt } = await resolveReference(temporal, reference, { use: 'read', kinds });
  if (endedAt !== null) return await readOutcome(temporal, id);
  throw new ReleaseError('USAGE', `${id} has not ended: there is no report yet`, {
    hint: `\`one-roof status ${id}\` tells where it stands.`,
  });
}

function isForgotten(error: unknown): boolean {
  return error instanceof ReleaseError && ['REFERENCE_UNKNOWN', 'SERVER_UNREACHABLE'].includes(error.code);
}
