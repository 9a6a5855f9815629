import { conduct } from './run/conduct';
import type { RunResult } from './run/conduct';
import { planRuns } from './run/plan';
import type { RunPlan, Wish } from './run/plan';
import { stock } from './run/stocked';
import type { Stocked } from './run/stocked';
import { startWorld } from './world/world';
import type { World } from './world/world';

/** How much of what. */
export interface Chaos {
  readonly runs: number;
  readonly seed: number;
  /** The number of one run, to repeat it. */
  readonly only?: number;
  /** Worlds side by side; runs mostly wait. */
  readonly lanes: number;
  /** The folder whose `dist` is put to the test. */
  readonly build: string;
  readonly wish: Wish;
  readonly untilViolation: boolean;
  readonly tell: (result: RunResult) => void;
  /** Fires when it is interrupted: the servers are stopped, whatever runs. */
  readonly signal?: AbortSignal;
}

/** Conducts the runs, each lane in a world of its own. @returns the results in the order of their numbers */
export async function chaos(order: Chaos): Promise<readonly RunResult[]> {
  const plans = plansOf(order);
  const results: RunResult[] = [];
  const lanes = Array.from({ length: Math.min(order.lanes, plans.length) }, () =>
    lane(order, plans, results),
  );
  await Promise.all(lanes);
  return results.sort((one, other) => one.plan.id - other.plan.id);
}

function plansOf({ runs, seed, only, wish }: Chaos): RunPlan[] {
  const plans: RunPlan[] = [];
  for (const plan of planRuns(seed, wish)) {
    if (only === undefined ? true : plan.id === only) plans.push(plan);
    if (plan.id >= (only ?? runs)) return plans;
  }
  return plans;
}

/** Opens a world with the packages in its store, hands it over, and ends it. */
export async function withStockedWorld<T>(
  build: string,
  work: (world: World, stocked: Stocked) => Promise<T>,
): Promise<T> {
  const world = await startWorld(build);
  try {
    return await work(world, await stock(world));
  } finally {
    await world.end();
  }
}

async function lane(order: Chaos, plans: RunPlan[], results: RunResult[]): Promise<void> {
  const world = await startWorld(order.build);
  const stop = (): void => void world.end();
  order.signal?.addEventListener('abort', stop, { once: true });
  try {
    const stocked = await stock(world);
    const isEnough = (): boolean =>
      order.untilViolation && results.some(({ violations }) => violations.length > 0);
    for (let plan = plans.shift(); plan !== undefined && !isEnough(); plan = plans.shift()) {
      const result = await conduct(world, stocked, plan);
      results.push(result);
      order.tell(result);
    }
  } finally {
    order.signal?.removeEventListener('abort', stop);
    if (order.signal?.aborted !== true) await world.end();
  }
}
