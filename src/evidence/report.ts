import type { RehearsalOutcome, ReleaseOutcome } from '../core/schema/outcome';
import type { Document } from './document';
import { evaluationReport } from './report/evaluation';
import { rehearsalReport } from './report/rehearsal';
import type { ReportFacts } from './report/facts';
import { releaseReport } from './report/release';

/** The report of what has ended, verdict first: every number in it was measured in that run, or it says in which. */
export function reportOf(facts: ReportFacts): Document {
  const { outcome } = facts;
  switch (outcome.kind) {
    case 'rehearsal':
      return rehearsalReport(of(facts, outcome));
    case 'evaluation':
      return evaluationReport(outcome);
    case 'release':
      return releaseReport(of(facts, outcome));
  }
}

function of<Outcome extends RehearsalOutcome | ReleaseOutcome>(
  facts: ReportFacts,
  outcome: Outcome,
): ReportFacts<Outcome> {
  return { ...facts, outcome };
}
