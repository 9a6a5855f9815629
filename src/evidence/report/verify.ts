import type { Outcome } from '../../core/schema/evidence';
import { sectionOf, shell, text } from '../document';
import type { Block, Section } from '../document';
import { quoted, say } from '../words';

const TITLE = 'How to verify this evidence';

/** How somebody who trusts nobody finds out that this is what was signed, and all of it. */
export function verifySection(outcome: Outcome): readonly Section[] {
  const { id, evidence, package: ref } = outcome;
  if (evidence === null)
    return sectionOf(TITLE, [text('No evidence was kept: this report rests on what Temporal remembers.')]);
  return sectionOf(TITLE, [
    text(
      say`This report was made from signed evidence, a chain of links whose head is ${quoted(evidence)}. It bears no signature itself: verify the evidence, have the report made again, and compare.`,
    ),
    shell(`one-roof evidence verify ${id} --key FILE --head ${evidence}`),
    text(
      'FILE is the public key of those who run the workers: have it from them, and not from whoever sent this report. No server is needed.',
    ),
    ...headElsewhere(outcome),
    text(
      say`The package has the digest ${quoted(ref.digest)}. In its folder this tells, without One-Roof, whether these are its bytes:`,
    ),
    shell('sha256sum -c manifest-sha256.txt && LC_ALL=C sort manifest-sha256.txt | sha256sum'),
  ]);
}

/** A head that stands in this report proves nothing against whoever wrote the report: the ledger has it, too. */
function headElsewhere(outcome: Outcome): readonly Block[] {
  if (outcome.kind !== 'release') return [];
  return [
    text(
      say`The head stands in the ledger of ${outcome.target}, too, where this report cannot reach. To compare with that one:`,
    ),
    shell(`one-roof evidence verify ${outcome.id} --key FILE --target ${outcome.target}`),
  ];
}
