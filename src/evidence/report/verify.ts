import type { RehearsalOutcome } from '../../core/schema/outcome';
import { sectionOf, shell, text } from '../document';
import type { Section } from '../document';
import { quoted, say } from '../words';

const TITLE = 'How to verify this';

/** How somebody who trusts nobody finds out that this is what was signed. */
export function verifySection({
  id,
  evidence,
  package: ref,
}: Pick<RehearsalOutcome, 'id' | 'evidence' | 'package'>): readonly Section[] {
  if (evidence === null)
    return sectionOf(TITLE, [text('No evidence was kept: this report rests on what Temporal remembers.')]);
  return sectionOf(TITLE, [
    text(
      say`This page was made from the signed evidence with the SHA-256 ${quoted(evidence)}. It holds no signature itself: verify the evidence, then have the report made again and compare.`,
    ),
    shell(`one-roof report ${id} --format json`),
    text(
      say`The bytes that were released have the digest ${quoted(ref.digest)}. In a folder of the package this says whether it holds them, without One-Roof:`,
    ),
    shell('sha256sum -c manifest-sha256.txt && LC_ALL=C sort manifest-sha256.txt | sha256sum'),
  ]);
}
