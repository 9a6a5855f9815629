import { resolve } from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../../client/outcome';
import { readOutcome } from '../../client/outcome';
import type { Temporal } from '../../client/connection';
import { resolveReference } from '../../client/reference';
import { ReleaseError } from '../../core/rules/release-error';
import { reportMarkdown } from '../../evidence/report-markdown';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { writeText } from '../document-result';
import { Reference, oneOf } from '../input';
import { keptOutcome } from '../kept-outcome';
import { withServer } from '../server-choice';

/** The report of what has ended. */
export const report = command({
  name: 'report',
  summary: 'the report of a release or a rehearsal that has ended',
  arguments: [['<id>', 'id, short id or `latest`']],
  options: [
    ['--format <md|json>', 'Markdown, which it is when left out, or the document itself'],
    ['--output <file>', 'write it there instead of to stdout'],
  ],
  examples: [
    ['report latest --output release.md', 'the newest, as Markdown'],
    ['report release-one-roof-governance-7k3f9q --format json', 'also after Temporal has forgotten it'],
  ],
  exits: { 0: 'written', 2: 'it has not ended yet, or wrong usage', 4: 'the evidence was changed' },
  input: z.object({
    id: Reference,
    format: oneOf(['md', 'json']).default('md'),
    output: z.string().optional(),
  }),
  run: async (context, { id, format, output }) => {
    const outcome = await findOutcome(context, id);
    const text = format === 'md' ? reportMarkdown(outcome) : `${JSON.stringify(outcome, null, 2)}\n`;
    if (output === undefined) return printed(outcome, { format, text });
    const file = resolve(context.folder, output);
    await writeText(file, text);
    return {
      document: { kind: 'report', id: outcome.id, format, file },
      text: `written to ${file}`,
      exit: 0,
    };
  },
});

function printed(outcome: Outcome, { format, text }: { format: 'md' | 'json'; text: string }): CommandResult {
  const document = format === 'json' ? outcome : { kind: 'report', id: outcome.id, format, markdown: text };
  return { document, text: text.trimEnd(), exit: 0 };
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
  const kinds = ['release', 'rehearsal'] as const;
  const { id, endedAt } = await resolveReference(temporal, reference, { use: 'read', kinds });
  if (endedAt !== null) return await readOutcome(temporal, id);
  throw new ReleaseError('USAGE', `${id} has not ended: there is no report yet`, {
    hint: `\`one-roof status ${id}\` tells where it stands.`,
  });
}

function isForgotten(error: unknown): boolean {
  return error instanceof ReleaseError && ['REFERENCE_UNKNOWN', 'SERVER_UNREACHABLE'].includes(error.code);
}
