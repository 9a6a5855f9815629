import type { Outcome } from '../../client/outcome';
import { isUndone } from '../../core/rules/undone';
import type { ExpectedDelta } from '../../core/schema/delta';
import type { EvaluationOutcome } from '../../core/schema/evaluation';
import type {
  OutcomeError,
  RehearsalOutcome,
  RehearsedTier,
  ReleaseOutcome,
} from '../../core/schema/outcome';
import { evaluationReport } from '../../evidence/report/evaluation';
import type { Colours } from '../terminal';
import { bytes, count, duration } from '../../evidence/amounts';
import { documentText } from './document-text';
import { lossLines } from './losses-text';
import { paintByWord } from './marks';
import { painter, stagesText } from './status-text';
import { facts, table } from './table';

/** How it ended, for people: the verdict first, then what was measured. */
export function outcomeText(outcome: Outcome, colours: Colours): string {
  if (outcome.kind === 'evaluation') return evaluationText(outcome, colours);
  const body =
    outcome.kind === 'rehearsal' ? rehearsalParts(outcome, colours) : releaseParts(outcome, colours);
  const parts = [
    headText(outcome, colours),
    errorText(outcome.error),
    ...body,
    stagesText(outcome.stages, colours),
    `Report: one-roof report ${outcome.id} --format md`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The decision first, then what it rests on. */
function evaluationText(outcome: EvaluationOutcome, colours: Colours): string {
  return `${documentText(evaluationReport(outcome), colours)}\n\nReport: one-roof report ${outcome.id} --format md`;
}

function headText(outcome: RehearsalOutcome | ReleaseOutcome, colours: Colours): string {
  const { name, version, digest } = outcome.package;
  const where = outcome.kind === 'rehearsal' ? `${outcome.source} on ${outcome.cloneHost}` : outcome.target;
  const ms = Date.parse(outcome.endedAt) - Date.parse(outcome.startedAt);
  const verdict = paintByWord(colours, isUndone(outcome) ? 'done' : outcome.outcome)(outcome.outcome);
  return [
    `${colours.bold(outcome.id)}: ${colours.bold(verdict)} in ${duration(ms)}`,
    `${name} ${version} → ${where}, scope ${outcome.scope}`,
    ...(outcome.kind === 'release' ? concernLines(outcome) : []),
    `digest ${digest}`,
  ].join('\n');
}

/** The other release that it was about, and what that cost others. */
function concernLines({ recovers, rollsBack, losses }: ReleaseOutcome): readonly string[] {
  return [
    ...(recovers === undefined ? [] : [`recovers ${recovers}, which was terminated`]),
    ...(rollsBack === undefined ? [] : [`rolls back ${rollsBack}, which had ended`]),
    ...(losses === undefined || losses.length === 0
      ? []
      : [`rows that others had written since, as people were told: ${lossLines(losses).join(', ')}`]),
  ];
}

function errorText(error: OutcomeError | undefined): string {
  return error === undefined ? '' : `${error.code}: ${error.message}\n  → ${error.hint}`;
}

function rehearsalParts(outcome: RehearsalOutcome, colours: Colours): readonly string[] {
  const rows = outcome.tiers.map((tier) => [
    tier.id,
    tier.outcome,
    duration(tier.ms),
    lockText(tier),
    count(tier.statements),
    count(tier.rows),
    bytes(tier.walBytes),
    tier.rollback ?? '',
    tier.repeat,
  ]);
  const heads = ['tier', 'outcome', 'time', 'lock', 'statements', 'rows', 'WAL', 'rollback', 'repeat'];
  const right = new Set(['time', 'lock', 'statements', 'rows', 'WAL']);
  const columns = heads.map((head) => (right.has(head) ? { head, align: 'right' as const } : { head }));
  const left =
    outcome.clonesLeft.length === 0 ? 'none left behind' : `left: ${outcome.clonesLeft.join(', ')}`;
  return [
    rows.length === 0 ? '' : table(columns, rows, painter(colours)),
    metricsText('figure of the finalized clone', outcome.figures),
    facts([
      ['applied again', outcome.reapplied === null ? 'not reached' : outcome.reapplied.verdict],
      [`mutations of ${outcome.source}`, String(outcome.mutations.source)],
      ['clones', left],
      ...(outcome.masked === undefined
        ? []
        : [['masked', outcome.masked.map(({ column }) => column).join(', ')] as const]),
      ['evidence', outcome.evidence ?? 'none'],
    ]),
  ];
}

/** The longest time for which it kept others from reading or writing. */
function lockText({ blast }: RehearsedTier): string {
  if (blast === undefined) return '';
  return blast.longestLock === null ? 'none' : duration(blast.lockMs);
}

function releaseParts(outcome: ReleaseOutcome, colours: Colours): readonly string[] {
  const tiers = outcome.tiers.map(({ id, outcome: end, ms, attempts }) => [
    id,
    end,
    duration(ms),
    String(attempts),
  ]);
  const drift = outcome.drift.map((line) => [
    line.metric,
    String(line.entry),
    String(line.exit),
    line.policy,
    line.verdict,
  ]);
  const paint = painter(colours);
  return [
    table(
      [{ head: 'tier' }, { head: 'outcome' }, { head: 'time', align: 'right' }, { head: 'tries' }],
      tiers,
      paint,
    ),
    drift.length === 0
      ? ''
      : table(
          ['metric', 'entry', 'exit', 'declared', 'verdict'].map((head) => ({ head })),
          drift,
          paint,
        ),
    approvalsText(outcome),
    facts([
      ['rolled back', outcome.rolledBack ? 'yes' : 'no'],
      ['schema after rollback', outcome.rollback === null ? 'not asked' : outcome.rollback.verdict],
      ...(outcome.delta === undefined ? [] : [['predicted changes', deltaText(outcome.delta)] as const]),
      ['mutations before the gate', String(outcome.mutations.beforeGate)],
      ['rehearsal', outcome.rehearsal ?? 'none'],
      ['evidence', outcome.evidence ?? 'none'],
    ]),
  ];
}

function deltaText({ predicted, explained, unexplained, more }: ExpectedDelta): string {
  const others = unexplained.length + more;
  return `${explained} of ${predicted} as rehearsed, ${others === 0 ? 'nothing else' : `${others} unexplained`}`;
}

function approvalsText({ approvals }: ReleaseOutcome): string {
  if (approvals.length === 0) return 'nobody has approved it';
  const rows = approvals.map(({ gate, who, decision, assurance, at }) => [
    gate,
    who,
    decision,
    assurance,
    at,
  ]);
  return table(
    ['gate', 'who', 'decision', 'assurance', 'at'].map((head) => ({ head })),
    rows,
  );
}

/** Metrics by name, two columns. */
export function metricsText(head: string, metrics: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(metrics).map(([metric, value]) => [metric, String(value)]);
  return rows.length === 0 ? '' : table([{ head }, { head: 'value' }], rows);
}
