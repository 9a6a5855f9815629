import fc from 'fast-check';
import { ENDING, kindsAt } from './kinds';
import { SCENARIOS, comesBy, inOrder } from './plan';
import type { FaultPlan, RunPlan, Scenario } from './plan';
import { POINTS } from './points';

/** At most so many faults and commands in one run. */
const MOST = 5;

/** Any run: a scenario, and a sequence of faults and people's commands, in the order in which it comes by their points. */
export function anyRun(): fc.Arbitrary<RunPlan> {
  return fc
    .constantFrom(...SCENARIOS)
    .chain((scenario) =>
      fc
        .array(anyFault(scenario), { minLength: 1, maxLength: MOST })
        .map((faults) => ({ id: 0, scenario, faults: possible(faults) })),
    );
}

function anyFault(scenario: Scenario): fc.Arbitrary<FaultPlan> {
  const points = POINTS.filter((point) => comesBy(scenario, point));
  return fc.constantFrom(...points).chain((point) =>
    fc.record({
      point: fc.constant(point),
      kind: fc.constantFrom(...kindsAt(point)),
      tier: fc.constantFrom(...scenario.tiers),
      seed: fc.nat(),
    }),
  );
}

/** What ends a workflow comes last. */
function possible(faults: readonly FaultPlan[]): readonly FaultPlan[] {
  const sorted = inOrder(faults);
  return sorted.filter(({ kind }, index) => index === sorted.length - 1 || !ENDING.includes(kind));
}
