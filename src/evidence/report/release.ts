import type { ReleaseOutcome } from '../../core/schema/outcome';
import { sectionOf, text } from '../document';
import type { Document, Section } from '../document';
import { blastSection, blastsOf } from './blast';
import { driftSection } from './baseline';
import { deltaSection } from './differences';
import type { ReportFacts } from './facts';
import { locksSection } from './locks';
import { afterRelease } from './next';
import { notesSection } from './notes';
import { peopleSections } from './people';
import { lossesSection, releaseRollback } from './proof';
import { subjectSection, titleOf, whySection } from './subject';
import { releasedTiers } from './tiers';
import { timelineSection } from './timeline';
import { releaseVerdict } from './verdict';
import { verifySection } from './verify';

/** What a release has done, and on whose word. */
export function releaseReport(facts: ReportFacts<ReleaseOutcome>): Document {
  const { outcome } = facts;
  return {
    title: titleOf(outcome),
    lead: '',
    opening: [releaseVerdict(facts)],
    sections: [
      ...whySection(outcome),
      ...timelineSection(outcome),
      ...releasedTiers(facts),
      ...releaseBlast(facts),
      ...releaseNotes(facts),
      ...releaseLocks(facts),
      ...driftSection(facts),
      ...deltaSection(outcome),
      ...releaseRollback(facts),
      ...lossesSection(outcome),
      ...peopleSections(outcome),
      ...sectionOf('What was changed before the gate', [
        text(`Mutations, counted by transaction ids: ${outcome.mutations.beforeGate}.`),
      ]),
      ...afterRelease(outcome),
      ...subjectSection(outcome),
      ...verifySection(outcome),
    ],
  };
}

/** In production where that was measured, else in its rehearsal, and it says where. */
function releaseBlast({ outcome, rehearsal }: ReportFacts<ReleaseOutcome>): readonly Section[] {
  const isMeasured = outcome.tiers.some(({ blast }) => blast !== undefined);
  if (isMeasured) return blastSection(outcome.tiers, 'measured in production');
  return blastSection(blastsOf(rehearsal?.outcome.tiers ?? []), 'measured in its rehearsal, on a clone');
}

/** In production where that was measured, else in its rehearsal, and it says where. */
function releaseNotes(facts: ReportFacts<ReleaseOutcome>): readonly Section[] {
  const { measures, rehearsal } = facts;
  if (Object.keys(measures).length > 0) return notesSection(facts, { measures, where: 'in production' });
  return notesSection(facts, {
    measures: rehearsal?.measures ?? {},
    where: 'in its rehearsal, on a clone: production was not measured',
  });
}

/** In production where that was measured, else in its rehearsal, and it says where. */
function releaseLocks({ measures, rehearsal }: ReportFacts<ReleaseOutcome>): readonly Section[] {
  if (Object.keys(measures).length > 0) return locksSection(measures, 'as measured in production');
  return rehearsal === null
    ? []
    : locksSection(
        rehearsal.measures,
        'as measured in its rehearsal, on a clone: production was not measured',
      );
}
