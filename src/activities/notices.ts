import type { Notice } from '../core/schema/notice';
import { notify } from '../notify/notify';
import { activity } from './boundary';
import { ordersFor } from './orders';
import type { Opened } from './orders';
import { findTarget } from './world';
import type { World } from './world';

interface News {
  readonly target: string;
  readonly notice: Notice;
  readonly opened?: readonly Opened[];
}

/** What people are told of. */
export function noticeActivities(world: World) {
  return {
    /**
     * Tells whoever the target's configuration names; a target that names nobody is no failure. For releases whose gates have
     * opened the exact orders are made here, so that no history bears them.
     */
    notifyPeople: activity(async (news: News, { signal }): Promise<void> => {
      const { target, notice, opened = [] } = news;
      const { notify: sinks } = findTarget(world, target);
      const orders = sinks.length === 0 ? [] : await ordersFor(world, opened);
      const whole = orders.length === 0 ? notice : { ...notice, orders };
      await notify(sinks, whole, { environment: world.environment, signal });
    }),
  };
}
