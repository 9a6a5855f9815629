import type { Notice } from '../core/schema/notice';
import { notify } from '../notify/notify';
import { activity } from './boundary';
import { findTarget } from './world';
import type { World } from './world';

/** What people are told of. */
export function noticeActivities(world: World) {
  return {
    /** Tells whoever the target's configuration names; a target that names nobody is no failure. */
    notifyPeople: activity(
      ({ target, notice }: { target: string; notice: Notice }, { signal }): Promise<void> =>
        notify(findTarget(world, target).notify, notice, { environment: world.environment, signal }),
    ),
  };
}
