import type { GateReading } from '../../schema/attempt';
import type { ScopeGate } from '../../schema/evaluation';
import type { PolicyGate } from '../../schema/gate-rule';
import type { ReleasePlan } from '../../schema/plan';
import { effectiveGates, gatesGoverning } from '../effective-gate';

/** A scope's plan, the gates of the target's policy, and what the hard gates read. */
export interface Gated {
  readonly plan: ReleasePlan;
  readonly policyGates: readonly PolicyGate[];
  readonly readings: readonly GateReading[];
}

/** The gates that hold a scope back, whose approval they ask for, and what they read. */
export function scopeGates({ plan, policyGates, readings }: Gated): readonly ScopeGate[] {
  return effectiveGates(plan, policyGates).map((gate) => ({
    id: gate.id,
    source: gate.source,
    before: gate.before,
    named: gate.scopes !== undefined,
    groups: Object.entries(gate.approvals).map(
      ([group, { need, of }]) => `${group}: ${need} of ${of.join(', ')}`,
    ),
    hard: gate.hard === undefined ? null : { sql: gate.hard.sql, opens: gate.hard.opens },
    reading: readings.findLast((reading) => reading.gate === gate.id) ?? null,
  }));
}

/** What must be done so that the part has gates of its own and the rest keeps its own; empty: the gate is split. */
export function splitRequires(part: Gated, whole: Gated, target: string): readonly string[] {
  const [own, theirs] = [scopeGates(part), scopeGates(whole)];
  const shared = own.filter((gate) => theirs.some((other) => keyOf(other) === keyOf(gate)));
  const rest = restUngoverned(part, whole);
  return [
    ...(own.length > 0 ? [] : [noGate(part.plan.scope, target)]),
    ...shared.map((gate) => notSplit(gate, { part: part.plan.scope, whole: whole.plan.scope, target })),
    ...(own.length === 0 || own.some(({ source }) => source !== 'package')
      ? []
      : [
          `The policy of ${target} names no gate for ${part.plan.scope}: the package alone chooses who approves it. Name one there.`,
        ]),
    ...(rest.length === 0
      ? []
      : [`${rest.join(', ')}, of the rest, would stand behind no gate of ${whole.plan.scope}.`]),
    ...own
      .filter((gate) => !shared.includes(gate))
      .flatMap((gate) => sameHard(gate, theirs, part.plan.scope)),
  ];
}

/** The tiers that only the whole has. */
export function restOf(part: ReleasePlan, whole: ReleasePlan): readonly string[] {
  const has = new Set(part.tiers.map(({ id }) => id));
  return whole.tiers.map(({ id }) => id).filter((id) => !has.has(id));
}

function restUngoverned(part: Gated, whole: Gated): readonly string[] {
  const gates = effectiveGates(whole.plan, whole.policyGates);
  const tiers = whole.plan.tiers.map(({ id }) => id);
  return restOf(part.plan, whole.plan).filter((id) => gatesGoverning(gates, tiers, id).length === 0);
}

function keyOf({ id, groups, hard }: ScopeGate): string {
  return JSON.stringify([id, groups, hard]);
}

function noGate(scope: string, target: string): string {
  return `No gate holds for ${scope}: whoever may request it releases it at once. Give it one with \`scopes: [${scope}]\` in release.yaml, or in the policy of ${target}.`;
}

function notSplit(
  { id, source }: ScopeGate,
  { part, whole, target }: { part: string; whole: string; target: string },
): string {
  const where =
    source === 'package'
      ? 'release.yaml'
      : source === 'target'
        ? `the policy of ${target}`
        : `release.yaml and in the policy of ${target}`;
  return `Gate ${id} holds for ${part} and ${whole} alike: it is not split. In ${where}, name \`scopes: [${whole}]\` in it and add one with \`scopes: [${part}]\`.`;
}

/** People of its own, but the same question to the database: it opens no sooner. */
function sameHard(gate: ScopeGate, theirs: readonly ScopeGate[], part: string): readonly string[] {
  const same = theirs.find(
    ({ hard }) => hard !== null && hard.sql === gate.hard?.sql && hard.opens === gate.hard.opens,
  );
  if (same === undefined || gate.reading === null || gate.reading.open) return [];
  const { value, opens } = gate.reading;
  return [
    `The gate is split by people, not by its hard gate: ${gate.id} asks the same question as ${same.id}, which reads ${String(value)} and opens at ${opens}. ${part} waits for the same decision as the rest; to go first it needs a hard gate of its own, in the package (another digest: rehearse and approve it anew) and in the policy.`,
  ];
}
