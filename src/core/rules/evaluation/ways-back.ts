import type { ScopeRun, ScopeTier, WayBack } from '../../schema/evaluation';

/** The state of the source as it is. */
export const ENTRY = 'entry';

/** The better verdict first; what could not be shown is worse than every difference that could. */
const WORSE: readonly WayBack['verdict'][] = [
  'identical',
  'order only',
  'name only',
  'not deterministic',
  'different',
  'missing',
  'does not run',
];

/** The rollback of each scope from each state that was reached: from its own end, and, on a path, the rest to the part and the part to entry. */
export function waysBack(runs: readonly ScopeRun[]): readonly WayBack[] {
  return runs.flatMap((run) => {
    const applied = run.tiers.filter(({ outcome }) => outcome === 'applied' || outcome === 'failed');
    const own = run.outcome === 'not reached' ? [] : applied;
    const part = run.after.join(' + ');
    if (part === '') return [wayBack({ from: run.scope, to: ENTRY }, own, run)];
    return [
      wayBack({ from: `${part}, then ${run.scope}`, to: part }, own, run),
      wayBack({ from: `${part}, the rest rolled back`, to: ENTRY }, run.earlier, run),
    ];
  });
}

function wayBack(
  { from, to }: { readonly from: string; readonly to: string },
  tiers: readonly ScopeTier[],
  { error }: ScopeRun,
): WayBack {
  const verdict = worstOf(tiers.map(({ rollback }) => rollback ?? 'not shown'));
  const ms = tiers.reduce((sum, { rollbackMs }) => sum + (rollbackMs ?? 0), 0);
  const isTold = verdict !== 'identical' && error !== undefined;
  return { from, to, tiers: tiers.length, verdict, ms, differences: isTold ? error.message.split('\n') : [] };
}

/** A difference that was seen counts for more than what was not reached behind it. */
function worstOf(verdicts: readonly WayBack['verdict'][]): WayBack['verdict'] {
  const seen = WORSE.findLast((verdict) => verdicts.includes(verdict));
  if (seen === undefined) return 'not shown';
  return seen === 'identical' && verdicts.includes('not shown') ? 'not shown' : seen;
}
