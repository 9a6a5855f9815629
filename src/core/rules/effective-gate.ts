import type { Approval } from '../schema/act';
import type { GateQuery, GateReading } from '../schema/attempt';
import type { GateRule, PolicyGate } from '../schema/gate-rule';
import type { GateStatus } from '../schema/outcome';
import type { ReleasePlan } from '../schema/plan';
import { milliseconds } from './milliseconds';

/** A gate that holds for this release: of the package or of the target's policy, before a tier of the scope. */
export type EffectiveGate = GateRule & { readonly source: 'package' | 'target' | 'both' };

/**
 * Target AND package: a package can ask for more, never for less. A policy's gate before an unknown tier stands before the
 * first. Where both name a gate alike, before the same tier and with the same hard gate, it is one gate with the groups of
 * both, so that nobody approves twice; otherwise the target's bears `target.` before its name.
 */
export function effectiveGates(
  plan: ReleasePlan,
  policyGates: readonly PolicyGate[],
): readonly EffectiveGate[] {
  const tiers = plan.tiers.map((tier) => tier.id);
  const first = tiers[0] ?? '';
  const ofPackage = plan.gates.map((gate) => ({ ...gate, source: 'package' as const }));
  const ofTarget = policyGates
    .filter((gate) => gate.scopes === undefined || gate.scopes.includes(plan.scope))
    .map((gate) => ({
      ...gate,
      before: tiers.includes(gate.before) ? gate.before : first,
      source: 'target' as const,
    }));
  const shared = ofPackage.map((gate) =>
    ofTarget.filter((other) => isOneGate(gate, other)).reduce<EffectiveGate>(join, gate),
  );
  const own = ofTarget.filter((gate) => !ofPackage.some((other) => isOneGate(other, gate)));
  const taken = new Set(shared.map((gate) => gate.id));
  return [
    ...shared,
    ...own.map((gate) => (taken.has(gate.id) ? { ...gate, id: `target.${gate.id}` } : gate)),
  ];
}

function isOneGate(one: EffectiveGate, other: EffectiveGate): boolean {
  const isSameHard =
    one.hard === undefined ||
    other.hard === undefined ||
    (one.hard.sql === other.hard.sql && one.hard.opens === other.hard.opens);
  return one.id === other.id && one.before === other.before && isSameHard;
}

/** Groups of both; where they bear one name and differ, both are asked for. */
function join(gate: EffectiveGate, ofTarget: EffectiveGate): EffectiveGate {
  const approvals = { ...gate.approvals };
  for (const [group, quorum] of Object.entries(ofTarget.approvals)) {
    const mine = approvals[group];
    const isSame = mine !== undefined && mine.need === quorum.need && mine.of.join() === quorum.of.join();
    approvals[mine === undefined || isSame ? group : `target.${group}`] = quorum;
  }
  const hard = gate.hard ?? ofTarget.hard;
  const validFor = shorter(gate.validFor, ofTarget.validFor);
  return {
    ...gate,
    approvals,
    source: 'both',
    ...(hard === undefined ? {} : { hard }),
    ...(validFor === undefined ? {} : { validFor }),
  };
}

function shorter(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return milliseconds(one) < milliseconds(other) ? one : other;
}

/** How long an approval of a gate counts, ms: what the policy says, or less. */
export function validForMs(gate: GateRule | undefined, byPolicy: string): number {
  return milliseconds(shorter(gate?.validFor, byPolicy) ?? byPolicy);
}

/** The gates that stand directly before a tier: they are passed before it begins. */
export function gatesBefore(gates: readonly EffectiveGate[], tier: string): readonly EffectiveGate[] {
  return gates.filter((gate) => gate.before === tier);
}

/** The gates that govern a tier: of package and of target each the nearest at or before it. Their hard gates are read in its transaction. */
export function gatesGoverning(
  gates: readonly EffectiveGate[],
  tiers: readonly string[],
  tier: string,
): readonly EffectiveGate[] {
  const reached = tiers.slice(0, tiers.indexOf(tier) + 1);
  const governing = (['package', 'target'] as const).flatMap((source) => {
    const mine = gates.filter((gate) => gate.source === source || gate.source === 'both');
    const nearest = reached.findLast((id) => mine.some((gate) => gate.before === id));
    return mine.filter((gate) => gate.before === nearest);
  });
  return [...new Set(governing)];
}

/** The queries of hard gates, as an attempt or a monitor reads them. */
export function hardQueries(gates: readonly GateRule[]): GateQuery[] {
  return gates.flatMap((gate) =>
    gate.hard === undefined ? [] : [{ gate: gate.id, sql: gate.hard.sql, opens: gate.hard.opens }],
  );
}

/** Everybody whom a gate names. */
export function approversOf(gate: GateRule): ReadonlySet<string> {
  return new Set(Object.values(gate.approvals).flatMap((quorum) => quorum.of));
}

/** A gate is passed by its name: two of one name would be passed as one. Policy and descriptor see to it; this is the last look. */
export function sharedGateName(gates: readonly EffectiveGate[]): string | undefined {
  const names = gates.map((gate) => gate.id);
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** What a gate is judged by. `barred`: whoever requested or wrote it, and may therefore not approve. */
export interface GateFacts {
  readonly approvals: readonly Approval[];
  readonly readings: readonly GateReading[];
  readonly barred: readonly string[];
}

/** Where a gate stands: who has approved, who is missing, what its hard gate last said. A hard gate never read is closed. */
export function gateStatus(gate: EffectiveGate, facts: GateFacts): GateStatus {
  const { approvals, readings, barred } = facts;
  const who = new Set(
    approvals
      .filter((approval) => approval.gate === gate.id && approval.decision === 'approved')
      .map((approval) => approval.who),
  );
  const groups = Object.entries(gate.approvals).map(([group, quorum]) => ({
    group,
    need: quorum.need,
    have: [...new Set(quorum.of)].filter((name) => who.has(name)),
    of: quorum.of.filter((name) => !barred.includes(name)),
  }));
  const hard =
    gate.hard === undefined ? null : (readings.findLast((reading) => reading.gate === gate.id) ?? null);
  const missing = [
    ...groups.filter((group) => group.have.length < group.need).map((group) => missingPeople(gate.id, group)),
    ...(gate.hard === undefined || hard?.open === true ? [] : [missingHard(gate, hard)]),
  ];
  return { id: gate.id, before: gate.before, open: missing.length === 0, approvals: groups, missing, hard };
}

function missingPeople(gate: string, group: GateStatus['approvals'][number]): string {
  const left = group.of.filter((name) => !group.have.includes(name));
  const more = group.need - group.have.length;
  const whom = left.length < more ? 'not enough people are left: ' : '';
  return `gate ${gate}: ${more} more approval of group ${group.group} (${whom}${left.join(', ')})`;
}

function missingHard(gate: EffectiveGate, reading: GateReading | null): string {
  const wanted = `hard gate of ${gate.id} is closed: it opens at ${gate.hard?.opens ?? ''}`;
  if (reading === null) return `${wanted}, not read yet`;
  return reading.unreadable === undefined
    ? `${wanted}, read ${String(reading.value)}`
    : `${wanted}, unreadable: ${reading.unreadable}`;
}
