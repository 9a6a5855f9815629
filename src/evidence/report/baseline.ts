import type { Metrics } from '../../core/schema/name';
import type { DriftVerdict, RehearsalOutcome, ReleaseOutcome } from '../../core/schema/outcome';
import { sectionOf, table, text } from '../document';
import type { Section } from '../document';
import { say, strong, verbatim } from '../words';
import type { Words } from '../words';
import type { ReportFacts } from './facts';

/** The metrics before and after, each judged by what the package declares of it. */
export function driftSection({ outcome, meanings }: ReportFacts<ReleaseOutcome>): readonly Section[] {
  const { drift, baseline } = outcome;
  const what =
    'The baseline is what the package measures in the database: at entry, before anything, and at exit.';
  if (drift.length > 0) {
    const rows = drift.map((line) => driftRow(line, meanings));
    const heads = ['metric', 'meaning', 'entry', 'exit', 'declared', 'verdict'];
    return sectionOf('Baseline and drift', [text(what), table(heads, rows, summary(drift))]);
  }
  const rows = Object.entries(baseline.entry).map(([metric, value]) => [
    verbatim(metric),
    verbatim(meanings[metric] ?? ''),
    verbatim(value),
    verbatim(baseline.exit[metric] ?? 'not read'),
  ]);
  if (rows.length === 0) return [];
  const heads = ['metric', 'meaning', 'entry', 'exit'];
  return sectionOf('Baseline and drift', [text(what), table(heads, rows, 'Not compared')]);
}

function driftRow(line: DriftVerdict, meanings: ReportFacts['meanings']): readonly Words[] {
  const { metric, entry, exit, policy, verdict } = line;
  return [
    verbatim(metric),
    meanings[metric] === undefined ? '' : verbatim(meanings[metric]),
    verbatim(entry),
    verbatim(exit),
    verbatim(policy),
    verdict === 'drift' ? strong('drift') : verdict,
  ];
}

function summary(drift: readonly DriftVerdict[]): string {
  const numberOf = (verdict: DriftVerdict['verdict']): number =>
    drift.filter((line) => line.verdict === verdict).length;
  return `${drift.length} metrics: ${numberOf('as declared')} as declared, ${numberOf('organic')} organic (they move by themselves), ${numberOf('drift')} drifted`;
}

/** The source of a rehearsal is only read: what moved in it, others moved. */
export function sourceBaseline({ outcome, meanings }: ReportFacts<RehearsalOutcome>): readonly Section[] {
  const { source, baseline } = outcome;
  const { entry, exit } = baseline;
  const names = [...new Set([...Object.keys(entry), ...Object.keys(exit)])];
  const rows = names.map((name) => {
    const [before, after] = [entry[name] ?? null, exit[name] ?? null];
    const verdict = String(before) === String(after) ? 'the same' : 'moved meanwhile';
    return [verbatim(name), meaningOf(meanings, name), verbatim(before), verbatim(after), verdict];
  });
  const heads = ['metric', 'meaning', 'entry', 'exit', 'verdict'];
  return sectionOf(say`Baseline of ${source}`, [
    table(heads, rows, say`What the package measures in ${source}, before the rehearsal and after it`),
  ]);
}

/** The figures that the tiers have led to on the clone. */
export function cloneFigures({ outcome, meanings }: ReportFacts<RehearsalOutcome>): readonly Section[] {
  return sectionOf('Figures of the finalized clone', [figures(outcome.figures, meanings)]);
}

function figures(metrics: Metrics, meanings: ReportFacts['meanings']): ReturnType<typeof table> {
  const rows = Object.entries(metrics).map(([name, value]) => [
    verbatim(name),
    meaningOf(meanings, name),
    verbatim(value),
  ]);
  return table(['figure', 'meaning', 'value'], rows, 'After the last tier');
}

function meaningOf(meanings: ReportFacts['meanings'], metric: string): Words {
  const meaning = meanings[metric];
  return meaning === undefined ? '' : verbatim(meaning);
}
