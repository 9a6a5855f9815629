import { activity } from './boundary';
import type { World } from './world';

/** Which code is in force. */
export function buildActivities(world: World) {
  return {
    /** The build by which new workflows begin; null where the server knows no versions of workers. */
    readCurrentBuild: activity((): Promise<string | null> => world.currentBuild()),
  };
}
