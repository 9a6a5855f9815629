import type { EvaluationOutcome, ScopeGate, ScopeRun, ScopeTier } from '../../core/schema/evaluation';
import { sectionOf, table, text } from '../document';
import type { Section } from '../document';
import { duration } from '../amounts';
import { quoted, say, verbatim } from '../words';
import type { Words } from '../words';
import { nameOf } from './run-name';

/** What each tier took in each scope, forth and back. */
export function scopeTiersSection({ runs }: EvaluationOutcome): readonly Section[] {
  const reached = runs.filter(({ tiers }) => tiers.length > 0);
  const ids = [...new Set(reached.flatMap((run) => tiersOf(run).map(({ id }) => id)))];
  const rows = ids.map((id) => [
    verbatim(id),
    ...reached.map((run) => tierWords(tiersOf(run).find((tier) => tier.id === id))),
  ]);
  const together = ['together', ...reached.map((run) => timesOf(tiersOf(run)))];
  return sectionOf('Tiers and their times', [
    text('Forth / back, each as it took on its clone. Times are this machine’s, and of one run.'),
    table(['tier', ...reached.map(nameOf)], rows.length < 2 ? rows : [...rows, together]),
  ]);
}

/** On a path what was applied before counts as well. */
function tiersOf({ earlier, tiers }: ScopeRun): readonly ScopeTier[] {
  return [...earlier, ...tiers.filter(({ outcome }) => outcome !== 'already applied')];
}

function tierWords(tier: ScopeTier | undefined): Words {
  if (tier === undefined) return '';
  const { outcome, rollback } = tier;
  const end = outcome === 'applied' ? '' : `, ${outcome}`;
  return `${timesOf([tier])}${end}${rollback === null || rollback === 'identical' ? '' : `, back: ${rollback}`}`;
}

function timesOf(tiers: readonly ScopeTier[]): string {
  const forth = tiers.reduce((sum, { ms }) => sum + ms, 0);
  const back = tiers.reduce((sum, { rollbackMs }) => sum + (rollbackMs ?? 0), 0);
  return `${duration(forth)} / ${duration(back)}`;
}

/** The locks that hold others up, by relation and mode, with the longest time in each scope. */
export function holdingSection({ runs }: EvaluationOutcome): readonly Section[] {
  const reached = runs.filter(({ tiers }) => tiers.length > 0);
  const keys = [
    ...new Set(reached.flatMap(({ locks }) => locks.map(({ relation, mode }) => `${relation}\n${mode}`))),
  ];
  const rows = keys.map((key) => {
    const [relation = '', mode = ''] = key.split('\n');
    return [
      verbatim(relation),
      verbatim(mode),
      ...reached.map((run) => verbatim(heldText(run, relation, mode))),
    ];
  });
  const none = 'No tier keeps a lock that holds up readers or writers of what is there today.';
  if (reached.length === 0) return [];
  return sectionOf('Locks that hold others up', [
    rows.length === 0 ? text(none) : table(['what is there today', 'lock', ...reached.map(nameOf)], rows),
  ]);
}

function heldText({ locks }: ScopeRun, relation: string, mode: string): string {
  const held = locks.filter((lock) => lock.relation === relation && lock.mode === mode);
  return held.map(({ ms, tier }) => `${duration(ms)} (${tier})`).join(', ');
}

/** Who would have to approve what, and what the hard gates read now. */
export function gatesSection({ runs }: EvaluationOutcome): readonly Section[] {
  const rows = runs
    .filter(({ after }) => after.length === 0)
    .flatMap((run) => run.gates.map((gate) => gateRow(run, gate)));
  const heads = ['scope', 'gate', 'of', 'holds for', 'asks for', 'hard gate'];
  return sectionOf('The gate, and its split', [table(heads, rows)]);
}

function gateRow({ scope }: ScopeRun, gate: ScopeGate): readonly Words[] {
  const { id, source, named, groups } = gate;
  return [
    verbatim(scope),
    verbatim(id),
    source === 'both' ? 'package and target' : source,
    named ? verbatim(scope) : 'every scope',
    groups.length === 0 ? 'nobody' : verbatim(groups.join('; ')),
    hardWords(gate),
  ];
}

function hardWords({ hard, reading }: ScopeGate): Words {
  if (hard === null) return 'none';
  const read =
    reading === null ? 'not read' : `${reading.open ? 'open' : 'closed'}, read ${String(reading.value)}`;
  return say`${read}, opens at ${hard.opens}: ${quoted(hard.sql)}`;
}
