import type { TierAttempt } from '../core/schema/attempt';
import type { Session } from './session';

/**
 * The attempt, as claim.ordinal, after which what this release notes of a tier counts: its latest finished one, or '' where none
 * is. So a tier that is applied again after its rollback starts anew.
 */
export async function readSince(
  session: Session,
  attempt: Pick<TierAttempt, 'hold' | 'package' | 'tier'>,
): Promise<string> {
  const answer = await session.query(
    `select claim || '.' || ordinal as since from one_roof.ledger
      where release = $1 and package = $2 and tier = $3 and finished_at is not null order by claim desc, ordinal desc limit 1`,
    [attempt.hold.release, attempt.package.name, attempt.tier.id],
  );
  return String(answer.rows[0]?.['since'] ?? '');
}
