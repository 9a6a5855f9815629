import { z } from 'zod';
import { resolveReference } from '../../client/reference';
import { ReleaseError } from '../../core/rules/release-error';
import { rehearsedMs } from '../../core/rules/review';
import type { Status } from '../../core/schema/outcome';
import { isOrdered, nextGates, orderOf } from '../../evidence/order';
import { command } from '../command';
import { documentResult } from '../document-result';
import { Reference, oneOf } from '../input';
import { reviewFacts } from '../review-facts';
import { withServer } from '../server-choice';

/** What follows, word for word, now that the hard gate is open. */
export const order = command({
  name: 'order',
  summary:
    'the exact order behind an open gate: each command, what it must print, who may run it, until when',
  arguments: [['<id>', 'id or short id of the release']],
  options: [
    ['--format <text|md|html>', 'for the terminal, which it is when left out; Markdown; one HTML page'],
    ['--output <file>', 'write it there instead of to stdout'],
  ],
  examples: [['order 7k3f9q --format md --output order.md', 'to hand to those who carry it out']],
  exits: { 0: 'given', 2: 'it has ended, or wrong usage', 3: 'a hard gate is closed: there is no order yet' },
  input: z.object({
    id: Reference,
    format: oneOf(['text', 'md', 'html']).default('text'),
    output: z.string().optional(),
  }),
  run: (context, { id: reference, format, output }) =>
    withServer(context, async (temporal) => {
      const { id } = await resolveReference(temporal, reference, { use: 'read', kinds: ['release'] });
      const facts = await reviewFacts(context, temporal, id);
      const { status, plan } = facts;
      if (!isOrdered(status)) throw closed(id, nextGates(status));
      const document = orderOf({ status, plan, rehearsedMs: rehearsedMs(facts) });
      return await documentResult(context, document, {
        format,
        output,
        facts: {
          kind: 'order',
          id,
          package: plan.package,
          target: status.target,
          until: status.approving?.until ?? null,
        },
      });
    }),
});

/** People's approvals are part of the order; the hard gate is what it waits for. */
function closed(id: string, gates: Status['gates']): ReleaseError {
  const shut = gates.flatMap(({ id: gate, hard }) =>
    hard === null || hard.open
      ? []
      : [
          `hard gate of ${gate} is closed: it opens at ${hard.opens}, read ${hard.unreadable ?? String(hard.value)}`,
        ],
  );
  return new ReleaseError('GATE_CLOSED', `there is no order for ${id} yet: ${shut.join('; ')}`);
}
