import type { RehearsalOutcome } from '../../core/schema/outcome';
import { sectionOf } from '../document';
import type { Document } from '../document';
import { blastSection, blastsOf } from './blast';
import { cloneFigures, sourceBaseline } from './baseline';
import type { ReportFacts } from './facts';
import { locksSection } from './locks';
import { afterRehearsal, changedSection } from './next';
import { readings } from './people';
import { maskedSection } from './masked';
import { notesSection } from './notes';
import { rollbackProof } from './proof';
import { subjectSection, titleOf, whySection } from './subject';
import { rehearsedTiers } from './tiers';
import { timelineSection } from './timeline';
import { rehearsalVerdict } from './verdict';
import { verifySection } from './verify';

/** What a rehearsal has shown, in the order in which an approver asks. */
export function rehearsalReport(facts: ReportFacts<RehearsalOutcome>): Document {
  const { outcome } = facts;
  return {
    title: titleOf(outcome),
    lead: '',
    opening: [rehearsalVerdict(facts)],
    sections: [
      ...whySection(outcome),
      ...timelineSection(outcome),
      ...rehearsedTiers(facts),
      ...blastSection(blastsOf(outcome.tiers), 'measured on the clone'),
      ...notesSection(facts, { measures: facts.measures, where: 'on the clone' }),
      ...locksSection(facts.measures, 'as measured on the clone'),
      ...sectionOf('Rollback proof', rollbackProof(outcome)),
      ...maskedSection(outcome),
      ...cloneFigures(facts),
      ...sourceBaseline(facts),
      ...sectionOf('Gates, as the source had them', [
        readings('A rehearsal reads them and does not ask for them', outcome.gates),
      ]),
      ...changedSection(outcome),
      ...afterRehearsal(outcome),
      ...subjectSection(outcome),
      ...verifySection(outcome),
    ],
  };
}
