import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import { sectionOf } from '../document';
import type { Section } from '../document';
import { NOTES_TITLE, judgedNotes } from '../judged-notes';
import type { MeasuredThere } from '../judged-notes';
import type { ReportFacts } from './facts';

/** What a linter notes of the tiers of this run; nothing where nobody asked it. */
export function notesSection(
  { notes, outcome }: ReportFacts<RehearsalOutcome | ReleaseOutcome>,
  measured: Omit<MeasuredThere, 'tiers'>,
): readonly Section[] {
  if (notes === undefined) return [];
  const tiers = outcome.tiers.map(({ id }) => id);
  return sectionOf(NOTES_TITLE, judgedNotes(notes, { ...measured, tiers }));
}
