import type { Loss } from '../core/schema/attempt';
import { countLosses } from '../postgres/losses';
import type { CommandContext } from './command';
import { readTarget, whyOutOfReach } from './target-reading';

/** What a rollback would take away of others' rows, or why that cannot be counted from this machine. */
export type OthersRows = { readonly losses: readonly Loss[] } | { readonly uncounted: string };

/** Counts as the reader of the target, within its limits. */
export async function countOthersRows(
  context: CommandContext,
  target: string,
  release: string,
): Promise<OthersRows> {
  try {
    const to = { target, by: 'a rollback' };
    return { losses: await readTarget(context, to, (session) => countLosses(session, release)) };
  } catch (error) {
    const uncounted = whyOutOfReach(error);
    if (uncounted === undefined) throw error;
    return { uncounted };
  }
}
