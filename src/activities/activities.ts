import { anomalyActivities } from './anomalies';
import { buildActivities } from './builds';
import { cloneActivities } from './clones';
import { conditionActivities } from './conditions';
import { evaluationActivities } from './evaluations';
import { gateActivities } from './gates';
import { goldenActivities } from './golden';
import { maskingActivities } from './masking';
import { noticeActivities } from './notices';
import { packageActivities } from './packages';
import { readingActivities } from './readings';
import { recordActivities } from './records';
import { signatureActivities } from './signatures';
import { tierActivities } from './tiers';
import type { World } from './world';

/** Every verb that a workflow may ask for; each worker offers all, and the task queue says who is asked. */
export function createActivities(world: World) {
  return {
    ...packageActivities(world),
    ...readingActivities(world),
    ...gateActivities(world),
    ...anomalyActivities(world),
    ...conditionActivities(world),
    ...tierActivities(world),
    ...cloneActivities(world),
    ...goldenActivities(world),
    ...maskingActivities(world),
    ...recordActivities(world),
    ...evaluationActivities(world),
    ...buildActivities(world),
    ...noticeActivities(world),
    ...signatureActivities(world),
  };
}

export type Activities = ReturnType<typeof createActivities>;
