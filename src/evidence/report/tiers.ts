import type { Metrics } from '../../core/schema/name';
import type {
  RehearsalOutcome,
  RehearsedTier,
  ReleaseOutcome,
  ReleasedTier,
} from '../../core/schema/outcome';
import { tierTimesChart } from '../chart/tier-times';
import type { TierTime } from '../chart/tier-times';
import { sectionOf, table, text } from '../document';
import type { Block, Figure, Section } from '../document';
import { duration } from '../amounts';
import { joined, partsOf, say, strong, verbatim } from '../words';
import type { Words } from '../words';
import type { ReportFacts } from './facts';

const WHAT =
  'A tier is a step of the package: SQL that is applied as a whole or not at all, with SQL that takes it back.';

/** What became of each tier, and how long it took beside its rehearsal. */
export function releasedTiers(facts: ReportFacts<ReleaseOutcome>): readonly Section[] {
  const { tiers } = facts.outcome;
  const rehearsed = new Map(facts.rehearsal?.outcome.tiers.map((tier) => [tier.id, tier]));
  const rows = tiers.map(({ id, outcome, ms, attempts }) => [
    verbatim(id),
    outcomeOf(facts.outcome, { id, outcome }),
    timeOf(outcome, ms),
    rehearsedTime(rehearsed.get(id)),
    String(attempts),
  ]);
  return sectionOf('Tiers', [
    text(WHAT),
    table(['tier', 'outcome', 'took', 'in rehearsal', 'attempts'], rows, 'What became of each tier'),
    whyNotRehearsed(facts),
    ...metricsAfter(tiers, facts.outcome.baseline.entry),
    timesFigure(facts),
  ]);
}

/** An attempt that failed has left nothing: its tier was not reached. */
function outcomeOf({ stages }: ReleaseOutcome, tier: Pick<ReleasedTier, 'id' | 'outcome'>): Words {
  const hasFailed = stages.some(({ stage, state }) => stage === tier.id && state === 'failed');
  if (!hasFailed) return tier.outcome;
  return tier.outcome === 'not reached'
    ? strong('failed, nothing of it applied')
    : say`${strong('failed')}, ${tier.outcome}`;
}

/** Only what was applied took a time. */
function timeOf(outcome: string, ms: number): string {
  return ms === 0 && outcome !== 'applied' ? '' : duration(ms);
}

function rehearsedTime(tier: RehearsedTier | undefined): string {
  return tier?.outcome === 'applied' ? duration(tier.ms) : '';
}

function whyNotRehearsed({ outcome, rehearsal, unread }: ReportFacts<ReleaseOutcome>): Block | null {
  if (rehearsal !== null) return null;
  if (outcome.rehearsal === null) return text('It was not rehearsed, so there are no times to compare with.');
  return text(say`The times of its rehearsal are not shown: ${unread ?? 'its evidence was not looked for'}.`);
}

function timesFigure({ outcome, rehearsal }: ReportFacts<ReleaseOutcome>): Figure | null {
  const rehearsed = new Map(rehearsal?.outcome.tiers.map((tier) => [tier.id, tier]));
  const times: readonly TierTime[] = outcome.tiers.flatMap(({ id, ms }) => {
    const tier = rehearsed.get(id);
    const then = tier?.outcome === 'applied' ? tier.ms : null;
    const now = ms === 0 ? null : ms;
    return now === null && then === null ? [] : [{ tier: id, production: now, rehearsal: then }];
  });
  if (times.length === 0 || rehearsal === null) return null;
  const rows = times.map(({ tier, production, rehearsal: then }) => [
    verbatim(tier),
    production === null ? 'not measured' : duration(production),
    then === null ? 'not measured' : duration(then),
  ]);
  return {
    kind: 'figure',
    title: 'Time of each tier, in production and in rehearsal',
    description: 'From the first statement of a tier to its commit. Both bars of a tier have the same scale.',
    drawing: tierTimesChart(times),
    data: table(['tier', 'production', 'rehearsal'], rows),
  };
}

/** What each tier did on the clone. */
export function rehearsedTiers({ outcome }: ReportFacts<RehearsalOutcome>): readonly Section[] {
  const rows = outcome.tiers.map((tier) => [
    verbatim(tier.id),
    tier.outcome,
    duration(tier.ms),
    String(tier.statements),
    String(tier.rows),
    String(tier.locks),
    String(tier.walBytes),
    tier.repeat,
  ]);
  const heads = ['tier', 'outcome', 'took', 'statements', 'rows', 'tables locked', 'WAL bytes', 'run again'];
  return sectionOf('Tiers', [
    text(`${WHAT} WAL is what the server wrote to its log for it.`),
    table(heads, rows, 'What each tier did on the clone'),
    ...metricsAfter(outcome.tiers, outcome.baseline.entry),
  ]);
}

type WithMetrics = Pick<RehearsedTier, 'id' | 'metrics'>;

/** What a metric was after a tier, where it had changed; what stood still stands in a sentence. */
function metricsAfter(tiers: readonly WithMetrics[], entry: Metrics): readonly Block[] {
  const names = [...new Set(tiers.flatMap(({ metrics }) => Object.keys(metrics)))];
  const told = names.map((name) => ({ name, before: entry[name], moves: movesOf(name, entry, tiers) }));
  const rows = told
    .filter(({ moves }) => moves.length > 0)
    .map(({ name, before, moves }) => [
      verbatim(name),
      before === undefined ? '' : verbatim(before),
      joined(moves, ', '),
    ]);
  const still = told
    .filter(({ moves }) => moves.length === 0)
    .map(({ name, before }) => say`${name} ${String(before)}`);
  return [
    ...(rows.length === 0
      ? []
      : [
          table(
            ['metric', 'before', 'after'],
            rows,
            'Metrics that had changed when a tier ended, by it or by others meanwhile',
          ),
        ]),
    ...(still.length === 0
      ? []
      : [text(['Unchanged after every tier: ', ...partsOf(joined(still, ', ')), '.'])]),
  ];
}

function movesOf(name: string, entry: Metrics, tiers: readonly WithMetrics[]): readonly Words[] {
  let before = entry[name];
  return tiers.flatMap(({ id, metrics }) => {
    const after = metrics[name];
    if (after === undefined || String(after) === String(before)) return [];
    before = after;
    return [say`${id}: ${String(after)}`];
  });
}
