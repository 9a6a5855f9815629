import type { PackageRef, ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { planOf } from '../package/plan';
import { activity } from './boundary';
import { describe, readPackage } from './world';
import type { World } from './world';

/** What there is to know before anything is touched: the audited package, the target's policy. */
export function packageActivities(world: World) {
  return {
    /** Audits the bytes that the store holds and plans the scope. */
    auditPackage: activity(
      async ({ package: ref, scope }: { package: PackageRef; scope: string }): Promise<ReleasePlan> => {
        return planOf(await readPackage(world, ref), scope);
      },
    ),
    /** Kind, queue and policy of a target, of a given kind. */
    describeTarget: activity(({ name }: { name: string }): Promise<TargetDescription> =>
      Promise.resolve(describe(world, name)),
    ),
  };
}
