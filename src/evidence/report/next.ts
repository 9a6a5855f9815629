import { isUndone } from '../../core/rules/undone';
import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import { list, sectionOf, shell, text } from '../document';
import type { Block, Section } from '../document';
import { quoted, say } from '../words';

const TITLE = 'What happens next';

const NEXT: Readonly<Record<ReleaseOutcome['outcome'], string>> = {
  released: 'Nothing is left to do. Keep this report and its evidence.',
  'rolled back': 'The target is as it was. Correct what failed, rehearse the new bytes, start a new release.',
  rejected:
    'Read the reason of the one who rejected it; a changed package needs a rehearsal and approvals of its own.',
  expired: 'The wait ended. Start a new release when people are ready.',
  aborted: 'It was stopped by a person. Start a new release when that reason is gone.',
  refused: 'Nothing was changed. Mend what is named above, then start a new release.',
  failed:
    'Look at each tier above for what is in effect, and into the ledger `one_roof.ledger` of the target.',
  stuck: 'A person must act: look at each tier above and into the ledger `one_roof.ledger` of the target.',
};

/** What is left to do, and what would take it back. */
export function afterRelease(outcome: ReleaseOutcome): readonly Section[] {
  const { recovers, rollsBack, id } = outcome;
  if (isUndone(outcome))
    return sectionOf(TITLE, [
      text(
        say`The target is as it was before ${quoted(rollsBack ?? recovers ?? '')}. Nothing is left to do. Keep this report and its evidence.`,
      ),
    ]);
  return sectionOf(TITLE, [text(NEXT[outcome.outcome]), ...wayBack(outcome, id)]);
}

/** A release can still be taken back, with the rows that others have written since counted first. */
function wayBack({ tiers }: ReleaseOutcome, id: string): readonly Block[] {
  const isInEffect = tiers.some(({ outcome }) => outcome === 'applied' || outcome === 'left applied');
  if (!isInEffect) return [];
  return [
    text(
      'To take it back later: this shows what would be rolled back, and which rows others have written since, and asks for approvals of its own.',
    ),
    shell(`one-roof rollback ${id} --requester YOUR-NAME`),
  ];
}

export function afterRehearsal(outcome: RehearsalOutcome): readonly Section[] {
  const { source, package: ref, scope, id } = outcome;
  if (outcome.outcome === 'rehearsed')
    return sectionOf(TITLE, [
      text(say`This rehearsal counts for exactly the digest ${quoted(ref.digest)} and scope ${scope}:`),
      shell(`one-roof release FOLDER --target ${source} --requester WHO --scope ${scope}`),
    ]);
  return sectionOf(TITLE, [
    text('Correct the package, write its manifest, and rehearse the new bytes. What happened in detail:'),
    shell(`one-roof timeline ${id}`),
  ]);
}

/** What a rehearsal has left behind, anywhere. */
export function changedSection({ mutations, clonesLeft, source }: RehearsalOutcome): readonly Section[] {
  const left =
    clonesLeft.length === 0 ? 'No clone was left behind.' : say`Clones left: ${clonesLeft.join(', ')}.`;
  return sectionOf('What was changed', [
    list([say`Mutations of ${source}, counted by transaction ids: ${mutations.source}.`, left]),
  ]);
}
