import type { Descriptor } from '../schema/descriptor';
import type { DescriptorPlace } from './plan-references';

/** Something that two parts of a descriptor do not agree about. */
export interface Inconsistency {
  readonly at: DescriptorPlace;
  readonly message: string;
}

/** What makes a descriptor impossible to follow, beyond the shape of its values. `full` is the implicit scope of all tiers. */
export function inconsistenciesOf(descriptor: Descriptor, full: string): readonly Inconsistency[] {
  return [
    ...redefinedScope(descriptor, full),
    ...unknownGateScopes(descriptor, full),
    ...metricsWithoutProbe(descriptor),
  ];
}

/** What is allowed, and probably not meant; sentences for `package check`. */
export function doubtsOf(descriptor: Descriptor): readonly string[] {
  return [...undeclaredMetrics(descriptor), ...openGates(descriptor), ...irreversibleTiers(descriptor)];
}

function redefinedScope({ scopes }: Descriptor, full: string): Inconsistency[] {
  if (!Object.hasOwn(scopes, full)) return [];
  return [
    {
      at: ['scopes', full],
      message: `scope ${full} is always that of all tiers; give this one another name`,
    },
  ];
}

/** A gate for a scope that does not exist would hold nothing back, and nobody would notice. */
function unknownGateScopes({ gates, scopes }: Descriptor, full: string): Inconsistency[] {
  const known = [full, ...Object.keys(scopes)];
  return gates.flatMap((gate, index) =>
    (gate.scopes ?? []).flatMap((scope, place) =>
      known.includes(scope)
        ? []
        : [
            {
              at: ['gates', index, 'scopes', place],
              message: `there is no scope ${scope}, only ${known.join(', ')}`,
            },
          ],
    ),
  );
}

function metricsWithoutProbe({ baseline, tiers }: Descriptor): Inconsistency[] {
  if (baseline !== undefined) return [];
  return tiers.flatMap((tier, index) =>
    Object.keys(tier.expect).length + tier.inert.length === 0
      ? []
      : [
          {
            at: ['tiers', index],
            message: `tier ${tier.id} expects metrics, but no \`baseline.probe\` reads them`,
          },
        ],
  );
}

function undeclaredMetrics({ baseline, tiers, scopes }: Descriptor): string[] {
  const declared = new Set(Object.keys(baseline?.metrics ?? {}));
  const used = [
    ...tiers.flatMap((tier) =>
      [...Object.keys(tier.expect), ...tier.inert].map((metric) => ({ metric, by: tier.id })),
    ),
    ...Object.entries(scopes).flatMap(([by, { exit }]) =>
      Object.keys(exit).map((metric) => ({ metric, by })),
    ),
  ];
  return used
    .filter(({ metric }) => !declared.has(metric))
    .map(({ metric, by }) => `${by} expects metric ${metric}, which baseline.metrics does not declare`);
}

function openGates({ gates }: Descriptor): string[] {
  return gates
    .filter((gate) => gate.hard === undefined && Object.keys(gate.approvals).length === 0)
    .map((gate) => `gate ${gate.id} asks for nothing: it is always open`);
}

function irreversibleTiers({ tiers }: Descriptor): string[] {
  return tiers
    .filter((tier) => tier.irreversible !== undefined)
    .map((tier) => `tier ${tier.id} cannot be rolled back: ${tier.irreversible ?? ''}`);
}
