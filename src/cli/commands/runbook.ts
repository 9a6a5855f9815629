import { z } from 'zod';
import type { Document } from '../../evidence/document';
import type { RunbookFacts } from '../../evidence/runbook/facts';
import { releaseRunbook } from '../../evidence/runbook/release';
import { rollbackRunbook } from '../../evidence/runbook/rollback';
import { command } from '../command';
import type { Command } from '../command';
import { documentResult } from '../document-result';
import { Folder, Name, oneOf } from '../input';
import { runbookFacts } from '../runbook-facts';

const ARGUMENTS = [['<folder>', "the package's folder"]] as const;
const OPTIONS = [
  ['--target <target>', 'the database; the source of the last rehearsal when it is left out'],
  ['--scope <scope>', 'a scope of the package; `full` when it is left out'],
  ['--format <text|md|html>', 'for the terminal, which it is when left out; Markdown; one HTML page'],
  ['--output <file>', 'write it there instead of to stdout'],
] as const;
const EXITS = { 0: 'made', 4: 'the package is not what its manifest says' } as const;

const input = z.object({
  folder: Folder,
  target: Name.optional(),
  scope: Name.default('full'),
  format: oneOf(['text', 'md', 'html']).default('text'),
  output: z.string().optional(),
});

/** How the package is released, for whoever does it. */
export const runbookRelease = command({
  name: 'runbook release',
  summary:
    'how a package is released: checks, steps with measured times, locks, what goes wrong, break-glass by psql; connects to nothing',
  arguments: ARGUMENTS,
  options: OPTIONS,
  examples: [
    [
      'runbook release sql/one-roof-governance --target production --format html --output release.html',
      'a page to have open while it is released',
    ],
  ],
  exits: EXITS,
  input,
  run: runWith('release', releaseRunbook),
});

/** How a finished release of it is rolled back. */
export const runbookRollback = command({
  name: 'runbook rollback',
  summary:
    'how a finished release of a package is rolled back: the same, tier by tier in reverse; connects to nothing',
  arguments: ARGUMENTS,
  options: OPTIONS,
  examples: [
    [
      'runbook rollback sql/one-roof-governance --target production --format md --output rollback.md',
      'to read before it is needed',
    ],
  ],
  exits: EXITS,
  input,
  run: runWith('rollback', rollbackRunbook),
});

function runWith(runbook: 'release' | 'rollback', write: (facts: RunbookFacts) => Document) {
  return async (
    context: Parameters<Command['run']>[0],
    { format, output, ...wish }: z.infer<typeof input>,
  ): ReturnType<Command['run']> => {
    const facts = await runbookFacts(context, { ...wish, target: wish.target });
    const { plan, target, rehearsal } = facts;
    return await documentResult(context, write(facts), {
      format,
      output,
      facts: {
        kind: 'runbook',
        runbook,
        package: plan.package,
        scope: plan.scope,
        target,
        rehearsal: rehearsal?.outcome.id ?? null,
      },
    });
  };
}
