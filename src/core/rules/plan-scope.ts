import type { Descriptor, MetricRule, TierRule } from '../schema/descriptor';
import type { GateRule } from '../schema/gate-rule';
import type { Metrics } from '../schema/name';

/** A scope by name, with all that it stands for. */
export interface Scope {
  readonly name: string;
  readonly tiers: readonly string[];
  readonly exit: Metrics;
  readonly revalidate: Metrics;
}

/** The tiers of a scope, in the order of the package. */
export function tiersOfScope({ tiers }: Descriptor, scope: Scope): readonly TierRule[] {
  return tiers.filter((tier) => scope.tiers.includes(tier.id));
}

/**
 * The gates that hold a scope back, each before a tier of the scope: a gate before a tier that the scope leaves out stands before
 * the next one that it keeps, so that leaving tiers out opens no gate. A gate with no tier behind it falls away.
 */
export function gatesOfScope(descriptor: Descriptor, scope: Scope): readonly GateRule[] {
  return descriptor.gates
    .filter((gate) => gate.scopes?.includes(scope.name) ?? true)
    .flatMap((gate) => {
      const from = descriptor.tiers.findIndex((tier) => tier.id === gate.before);
      const governed = tiersOfScope({ ...descriptor, tiers: descriptor.tiers.slice(from) }, scope)[0];
      return governed === undefined ? [] : [{ ...gate, before: governed.id }];
    });
}

/** The rules of the metrics; an exit value of the scope takes the place of what the full scope says of that metric. */
export function metricsOfScope({ baseline }: Descriptor, scope: Scope): Readonly<Record<string, MetricRule>> {
  const metrics: Record<string, MetricRule> = { ...baseline?.metrics };
  for (const [metric, exit] of Object.entries(scope.exit)) {
    metrics[metric] = { ...metrics[metric], drift: undefined, exit };
  }
  return metrics;
}
