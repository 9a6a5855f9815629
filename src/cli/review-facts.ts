import type { Temporal } from '../client/connection';
import { askPlan, askStatus } from '../client/question';
import type { Answer } from '../client/question';
import { findWorkflow, isUnderWay } from '../client/listing';
import { ReleaseError } from '../core/rules/release-error';
import type { Review, ReviewedRehearsal } from '../core/rules/review';
import { Fingerprint } from '../core/schema/fingerprint';
import { folderStore } from '../package/store';
import { summarize } from '../postgres/fingerprint/summary';
import type { CommandContext } from './command';
import { knownStore } from './kept-outcome';
import { readRehearsal } from './kept-rehearsal';
import { notedRisks } from './noted-risks';

/** What an approver may know of a release that is under way. @throws USAGE where it has ended, NO_WORKER */
export async function reviewFacts(context: CommandContext, temporal: Temporal, id: string): Promise<Review> {
  const listed = await findWorkflow(temporal, id);
  if (listed !== undefined && !isUnderWay(listed))
    throw new ReleaseError('USAGE', `${id} has ended: there is nothing to approve any more`, {
      hint: `\`one-roof report ${id}\` tells how it went.`,
    });
  const status = answered(id, await askStatus(temporal, id));
  const plan = answered(id, await askPlan(temporal, id));
  if (plan === null)
    throw new ReleaseError('USAGE', `${id} has not read its package yet`, { hint: 'Ask again in a moment.' });
  const digest = status.approving?.rehearsal ?? null;
  const found =
    digest === null ? { rehearsal: null, unread: null } : await readRehearsal(context, plan.package, digest);
  const notes = await notedRisks(context, plan.package.digest);
  const schemaThen = await rehearsedSchema(context, found.rehearsal);
  return { status, plan, ...found, schemaThen, notes, now: Date.now() };
}

/** The digest of the source's schema, as approvals are bound to it; null where the store has not what was seen. */
async function rehearsedSchema(
  context: CommandContext,
  rehearsal: ReviewedRehearsal | null,
): Promise<string | null> {
  const [root, ref] = [knownStore(context), rehearsal?.outcome.fingerprints?.source];
  if (root === undefined || ref === undefined) return null;
  const document = await folderStore(root)
    .readDocument(ref)
    .catch(() => null); // another machine's store: the review says that it does not know
  const seen = Fingerprint.safeParse(document);
  return seen.success ? summarize(seen.data).schema : null;
}

function answered<T>(id: string, answer: Answer<T>): T {
  if (answer.answered) return answer.value;
  throw new ReleaseError('NO_WORKER', `${id} cannot be asked: ${answer.why}`);
}
