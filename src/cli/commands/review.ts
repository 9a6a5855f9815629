import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import { resolveReference } from '../../client/reference';
import { judgeRiskNotes } from '../../core/rules/judge-risk-note';
import type { JudgedNote } from '../../core/rules/judge-risk-note';
import { isSameSchema, movedSince, risksOf } from '../../core/rules/review';
import type { Review } from '../../core/rules/review';
import { reviewOf } from '../../evidence/review';
import { freshKey } from '../acting';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { documentResult } from '../document-result';
import { uiOf } from '../embedded-place';
import { Reference, oneOf } from '../input';
import { reviewFacts } from '../review-facts';
import { withServer } from '../server-choice';

/** What an approver is asked. */
export const review = command({
  name: 'review',
  summary:
    'what an approver is asked: what changes, how long, which locks, what rolls it back, and how to answer',
  arguments: [['[id]', 'id, short id or `latest`, which it is when left out']],
  options: [
    ['--format <text|md|html>', 'for the terminal, which it is when left out; Markdown; one HTML page'],
    ['--output <file>', 'write it there instead of to stdout'],
  ],
  examples: [
    ['review 7k3f9q', 'read before you approve'],
    ['review 7k3f9q --format html --output review.html', 'a page to send to those who approve'],
  ],
  exits: { 0: 'shown', 2: 'it has ended, or wrong usage', 3: 'no worker answers' },
  input: z.object({
    id: Reference.default('latest'),
    format: oneOf(['text', 'md', 'html']).default('text'),
    output: z.string().optional(),
  }),
  run: (context, { id: reference, format, output }) =>
    withServer(context, async (temporal) => {
      const { id } = await resolveReference(temporal, reference, { use: 'read', kinds: ['release'] });
      return await show(context, temporal, { id, format, output });
    }),
});

interface Wish {
  readonly id: string;
  readonly format: 'text' | 'md' | 'html';
  readonly output: string | undefined;
}

async function show(
  context: CommandContext,
  temporal: Temporal,
  { id, format, output }: Wish,
): Promise<CommandResult> {
  const facts = await reviewFacts(context, temporal, id);
  const address = { ui: uiOf(context, temporal.place.namespace, id), key: freshKey() };
  const { status, rehearsal, plan } = facts;
  return await documentResult(context, reviewOf(facts, address), {
    format,
    output,
    facts: {
      kind: 'review',
      id,
      package: plan.package,
      approving: status.approving ?? null,
      gates: status.gates,
      risks: risksOf(facts),
      notes: judged(facts),
      rehearsal: rehearsal?.outcome.id ?? null,
      since: {
        rehearsedAt: rehearsal?.outcome.endedAt ?? null,
        metrics: movedSince(facts),
        sameSchema: isSameSchema(facts),
      },
    },
  });
}

/** null: the linter could not be asked. */
function judged({ notes, plan, rehearsal }: Review): readonly JudgedNote[] | null {
  if (notes === undefined || 'unread' in notes) return null;
  return judgeRiskNotes(
    notes.notes,
    rehearsal?.measures ?? {},
    plan.tiers.map(({ id }) => id),
  );
}
