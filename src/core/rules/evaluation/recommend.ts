import type {
  EndsCompared,
  MetricMove,
  Reason,
  Recommendation,
  ScopeRun,
  WayBack,
} from '../../schema/evaluation';
import { checksReason, locksReason } from './recommend-figures';

/** All that bears on the question whether a part should be released by itself, before the rest. */
export interface Evaluated {
  readonly part: ScopeRun;
  readonly whole: ScopeRun;
  /** The rest after the part. */
  readonly path: ScopeRun;
  readonly ends: EndsCompared;
  readonly ways: readonly WayBack[];
  /** What the split of the gate still requires. */
  readonly split: readonly string[];
}

/**
 * Should the part be released by itself? Every proof must hold: one that fails speaks against it, one that was not reached leaves
 * it open. What is no proof but must be done or known first is a condition. Words, no scores: a person decides.
 */
export function recommend(evaluated: Evaluated): Recommendation {
  const { part, whole, path, split } = evaluated;
  const proofs = [
    rehearsedReason(part, `${part.scope} by itself`),
    inertReason(part, whole),
    declaredReason(part),
    waysReason(evaluated),
    rehearsedReason(path, `the rest after ${part.scope}`),
    entryReason(path, part.scope),
    endsReason(evaluated),
    untouchedReason([part, whole, path]),
  ];
  const looks = [checksReason(part, path), locksReason(evaluated)];
  const gate: Reason = {
    about: 'the gate',
    state: split.length === 0 ? 'holds' : 'condition',
    words:
      split.length === 0
        ? `split: ${gatesOf(part)} for ${part.scope}, ${gatesOf(whole)} for ${whole.scope}`
        : split.map(firstSentence).join(' '),
  };
  const conditions = [
    ...looks.filter(({ state }) => state === 'condition').map(({ words }) => words),
    ...split,
  ];
  return {
    scope: part.scope,
    before: whole.scope,
    verdict: verdictOf(proofs, conditions),
    reasons: [...proofs, ...looks, gate],
    conditions,
  };
}

function verdictOf(proofs: readonly Reason[], conditions: readonly string[]): Recommendation['verdict'] {
  if (proofs.some(({ state }) => state === 'fails')) return 'not recommended';
  if (proofs.some(({ state }) => state === 'not shown')) return 'undecided';
  return conditions.length === 0 ? 'recommended' : 'recommended, with conditions';
}

function rehearsedReason(run: ScopeRun, what: string): Reason {
  const about = `${what} rehearsed`;
  if (run.outcome === 'rehearsed') {
    const own = run.tiers.filter(({ outcome }) => outcome === 'applied');
    const ms = own.reduce((sum, tier) => sum + tier.ms, 0);
    return {
      about,
      state: 'holds',
      words: `${own.length} tiers applied in ${Math.round(ms)} ms, verified, rolled back and applied again`,
    };
  }
  const why = run.error === undefined ? '' : `: ${run.error.code}: ${run.error.message.split('\n')[0] ?? ''}`;
  return { about, state: run.outcome === 'failed' ? 'fails' : 'not shown', words: `${run.outcome}${why}` };
}

/** Each value of an inert metric that was read: at entry, after each tier, on the finalized clone. Those that the whole moves are shown. */
function inertReason({ metrics, scope }: ScopeRun, whole: ScopeRun): Reason {
  const about = 'declared inert, and did not move';
  if (metrics.length === 0)
    return { about, state: 'not shown', words: `${scope} has no finalized clone to read` };
  const inert = metrics.filter((metric) => metric.inert);
  const moved = inert.filter(hasMoved);
  if (moved.length > 0) return { about, state: 'fails', words: moved.map(trailOf).join('; ') };
  if (inert.length === 0) return { about, state: 'holds', words: `${scope} declares no metric inert` };
  const movesLater = ({ metric }: MetricMove): boolean =>
    whole.metrics.some((move) => move.metric === metric && hasMoved(move));
  const shown = inert.filter(movesLater).sort((one, other) => Number(other.entry) - Number(one.entry));
  const words = [`${inert.length} of ${inert.length} metrics`, ...shown.slice(0, 2).map(trailOf)];
  return { about, state: 'holds', words: words.join('; ') };
}

function hasMoved({ entry, trail, end }: MetricMove): boolean {
  return [...trail, end].some((value) => String(value) !== String(entry));
}

function trailOf({ metric, entry, trail, end }: MetricMove): string {
  return `${metric} ${[entry, ...trail, end].map(String).join(' → ')}`;
}

function declaredReason({ metrics }: ScopeRun): Reason {
  const about = 'nothing moves undeclared';
  if (metrics.length === 0) return { about, state: 'not shown', words: 'no finalized clone to read' };
  const line = ({ metric, entry, end, policy }: ScopeRun['metrics'][number]): string =>
    `${metric} ${String(entry)} → ${String(end)}, declared ${policy}`;
  const bad = metrics.filter(
    ({ verdict }) => verdict === 'moves undeclared' || verdict === 'misses its value',
  );
  const moves = metrics.filter(({ verdict }) => verdict === 'moves as declared');
  if (bad.length > 0) return { about, state: 'fails', words: bad.map(line).join('; ') };
  return {
    about,
    state: 'holds',
    words:
      moves.length === 0
        ? 'no metric moves'
        : `as declared: ${moves.map(({ metric, entry, end }) => `${metric} ${String(entry)} → ${String(end)}`).join(', ')}`,
  };
}

function waysReason({ ways }: Evaluated): Reason {
  const about = 'rollback exact from every state';
  const bad = ways.filter(({ verdict }) => verdict !== 'identical');
  if (bad.length === 0) {
    const ms = Math.round(Math.max(...ways.map((way) => way.ms)));
    return {
      about,
      state: 'holds',
      words: `${ways.length} of ${ways.length} identical, the longest in ${ms} ms`,
    };
  }
  const words = bad.map(({ from, to, verdict }) => `${from} → ${to}: ${verdict}`).join('; ');
  return { about, state: bad.every(({ verdict }) => verdict === 'not shown') ? 'not shown' : 'fails', words };
}

/** What a release of the rest will find there: its preflight and its entry values, read on the state that the part leaves. */
function entryReason({ unmetEntry, outcome, metrics, checks }: ScopeRun, part: string): Reason {
  const about = `the rest may begin where ${part} ends`;
  if (unmetEntry.length > 0) return { about, state: 'fails', words: unmetEntry.join('; ') };
  if (outcome === 'not reached' || (metrics.length === 0 && checks.length === 0))
    return { about, state: 'not shown', words: 'that state was not read' };
  return { about, state: 'holds', words: 'preflight and entry values hold there' };
}

function endsReason({ ends: { comparison, excused }, part, whole }: Evaluated): Reason {
  const about = `${part.scope}, then the rest, ends as ${whole.scope} at once`;
  if (comparison === null) return { about, state: 'not shown', words: 'not both ends were reached' };
  const moved =
    excused.length === 0 ? '' : `; left out, for the source moved meanwhile: ${excused.join(', ')}`;
  const differs = comparison.differences.slice(0, 3).join('; ');
  return comparison.verdict === 'identical'
    ? { about, state: 'holds', words: `identical, schema and rows${moved}` }
    : { about, state: 'fails', words: `${comparison.verdict}: ${differs}${moved}` };
}

function untouchedReason(runs: readonly ScopeRun[]): Reason {
  const mutations = runs.reduce((sum, run) => sum + run.mutations, 0);
  const left = runs.flatMap(({ clonesLeft }) => clonesLeft);
  const words = `${mutations} mutations of the source, ${left.length === 0 ? 'no clone' : left.join(', ')} left behind`;
  return { about: 'the source untouched', state: mutations === 0 ? 'holds' : 'fails', words };
}

/** The rest of it stands among the conditions. */
function firstSentence(text: string): string {
  return `${text.split('. ')[0]?.replace(/\.$/, '') ?? ''}.`;
}

function gatesOf({ gates }: ScopeRun): string {
  return gates.map(({ id }) => id).join(' and ') || 'none';
}
