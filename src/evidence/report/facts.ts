import type { NotesRead } from '../../core/rules/judge-risk-note';
import type { ReviewedRehearsal } from '../../core/rules/review';
import type { StatementMeasure } from '../../core/schema/attempt';
import type { EvaluationOutcome } from '../../core/schema/evaluation';
import type { RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';

/** What a report is made from: evidence alone, and what the store keeps beside it. */
export interface ReportFacts<Outcome = RehearsalOutcome | ReleaseOutcome | EvaluationOutcome> {
  readonly outcome: Outcome;
  /** Of each tier of this run, what each statement did; a tier whose measures are not kept is left out. */
  readonly measures: Readonly<Record<string, readonly StatementMeasure[]>>;
  /** A release's rehearsal, where the store has its evidence. */
  readonly rehearsal: ReviewedRehearsal | null;
  /** Why it has not. */
  readonly unread: string | null;
  /** What a linter notes of the package; left out: nobody asked it. */
  readonly notes?: NotesRead;
  /** What each metric counts, as the package says. */
  readonly meanings: Readonly<Record<string, string>>;
}
