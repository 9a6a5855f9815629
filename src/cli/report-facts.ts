import type { Outcome } from '../client/outcome';
import type { ReleaseOutcome } from '../core/schema/outcome';
import type { ReportFacts } from '../evidence/report/facts';
import { folderStore } from '../package/store';
import type { CommandContext } from './command';
import { knownStore } from './kept-outcome';
import { measuresOf, readRehearsal } from './kept-rehearsal';
import { notedRisks } from './noted-risks';

/** What a report is made from: the outcome, and what the store keeps beside it; what it has not is left out. */
export async function reportFacts(context: CommandContext, outcome: Outcome): Promise<ReportFacts> {
  return {
    outcome,
    measures: await keptMeasures(context, outcome),
    ...(outcome.kind === 'release' ? await rehearsalOf(context, outcome) : { rehearsal: null, unread: null }),
    ...(outcome.kind === 'evaluation' ? {} : { notes: await notedRisks(context, outcome.package.digest) }),
    meanings: await meaningsOf(context, outcome.package.digest),
  };
}

async function rehearsalOf(
  context: CommandContext,
  { package: ref, rehearsal }: ReleaseOutcome,
): Promise<Pick<ReportFacts, 'rehearsal' | 'unread'>> {
  if (rehearsal === null) return { rehearsal: null, unread: null };
  return await readRehearsal(context, ref, rehearsal);
}

async function keptMeasures(context: CommandContext, outcome: Outcome): Promise<ReportFacts['measures']> {
  const root = knownStore(context);
  if (root === undefined || outcome.kind === 'evaluation') return {};
  return await measuresOf(folderStore(root), outcome).catch(() => ({})); // another machine's store: the report says less, and is none the worse
}

/** From the package's own bytes, where the store has them. */
async function meaningsOf(context: CommandContext, digest: string): Promise<ReportFacts['meanings']> {
  const root = knownStore(context);
  const pkg =
    root === undefined
      ? undefined
      : await folderStore(root)
          .readPackage(digest)
          .catch(() => undefined);
  const metrics = pkg?.descriptor.baseline?.metrics ?? {};
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, { meaning }]) =>
      meaning === undefined ? [] : [[name, meaning]],
    ),
  );
}
