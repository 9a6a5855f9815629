import { ReleaseError } from '../../core/rules/release-error';
import type { Attempted, AttemptWork } from '../attempt-work';
import { raiseFence } from '../ledger';
import { verifyRegistration } from '../registration';
import { takeSessionLock } from '../session-lock';
import type { Session } from '../session';
import { applyBatches } from './apply-batches';
import { rollBackBatches } from './roll-back-batches';

/**
 * One attempt to apply or roll back a tier in batches, each a transaction of its own with its place in the ledger: whatever
 * dies and whenever, the next attempt goes on behind the last batch that was committed, so that each row is met once.
 * @throws SUPERSEDED where a newer attempt has begun, in each batch anew; TIER_HALF_DONE, OTHERS_ROWS, STATEMENT_FAILED, …
 */
export async function attemptBatchTier(session: Session, work: AttemptWork): Promise<Attempted> {
  const { attempt, nonce } = work;
  const { batch, id } = attempt.tier.rules;
  if (batch === undefined) throw new ReleaseError('INTERNAL', `tier ${id} has no batch`);
  await verifyRegistration(session, { kind: attempt.registration, nonce }); // nothing is written, and nobody ended, elsewhere
  await takeSessionLock(session, attempt.hold);
  await raiseFence(session, attempt.hold);
  return attempt.direction === 'apply'
    ? applyBatches(session, work, batch)
    : rollBackBatches(session, work, batch);
}
