import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { anywhere, ask } from './asking';
import type { release } from './release';
import type { ReleaseBook } from './release-book';

/** A run this young stays where it is: a move that landed on the old build is not made again at once. */
const SETTLED_MS = 2_000;
/** The server may say for ever that there is a newer build where there is none: it is asked at most so often. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * Until its claim a waiting release goes on in a new run, with all that it knows: where newer code has become current, and
 * before its history grows too long. It looks when it wakes and has nothing better to do: at an act, and once a day. DESIGN.md §5.
 */
export async function moveIfDue(book: ReleaseBook, isBusy: () => boolean): Promise<void> {
  if (book.isClaimed || !(workflowInfo().continueAsNewSuggested || (await isNewerBuildCurrent(book)))) return;
  await condition(allHandlersFinished);
  const { gatehouse } = book;
  if (isBusy() || gatehouse.stop !== null) return; // it has heard something meanwhile
  const goOn = makeContinueAsNewFunc<typeof release>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
  await goOn(book.order, book.carry());
}

/** The flag alone was seen true with a single build (server 1.31.2): the deployment itself is asked too. */
async function isNewerBuildCurrent(book: ReleaseBook): Promise<boolean> {
  const { targetWorkerDeploymentVersionChanged, currentDeploymentVersion, runStartTime } = workflowInfo();
  const mine = currentDeploymentVersion?.buildId;
  const now = Date.now();
  if (!targetWorkerDeploymentVersionChanged || mine === undefined) return false;
  if (now - runStartTime.getTime() < SETTLED_MS || now - book.buildAskedAt < ASK_AGAIN_MS) return false;
  const current = await ask(anywhere.readCurrentBuild, 'is there newer code to go on with?', undefined);
  if (current === mine) book.buildAskedAt = now;
  return current !== null && current !== mine;
}
