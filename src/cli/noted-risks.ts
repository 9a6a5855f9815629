import type { NotesRead } from '../core/rules/judge-risk-note';
import { riskNotesOf } from '../package/risk-notes';
import { folderStore } from '../package/store';
import type { CommandContext } from './command';
import { knownStore } from './kept-outcome';

/** What the linter notes of a package, by its own bytes in the store; or why it cannot be asked here. It never fails. */
export async function notedRisks(context: CommandContext, digest: string): Promise<NotesRead> {
  const root = knownStore(context);
  if (root === undefined) return { unread: 'no store is known here (ONE_ROOF_STORE)' };
  const pkg = await folderStore(root)
    .readPackage(digest)
    .catch(() => undefined); // another machine's store: less is told, and nothing is the worse for it
  if (pkg === undefined) return { unread: 'the package is not in the store' };
  const notes = await riskNotesOf(pkg.files, pkg.descriptor.tiers);
  return notes === null ? { unread: 'squawk, the linter, does not run on this machine' } : { notes };
}
