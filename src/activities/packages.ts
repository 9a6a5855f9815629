import type { PackageRef, ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { planOf } from '../package/plan';
import { activity } from './boundary';
import { describe, readPackage } from './world';
import type { World } from './world';

/** What there is to know before anything is touched: the audited package, the target's policy. */
export function packageActivities(world: World) {
  return {
    /** Audits the bytes that the store holds and plans the scope; kind, queue and policy of each target, in the order asked. */
    auditOrder: activity(
      async (order: {
        package: PackageRef;
        scope: string;
        targets: readonly string[];
      }): Promise<{ plan: ReleasePlan; targets: readonly TargetDescription[] }> => {
        const plan = await planOf(await readPackage(world, order.package), order.scope);
        return { plan, targets: order.targets.map((name) => describe(world, name)) };
      },
    ),
  };
}
