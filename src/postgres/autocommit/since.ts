import type { TierAttempt } from '../../core/schema/attempt';
import type { Session } from '../session';

/**
 * The attempt, as claim.ordinal, after which what is noted of a tier counts: its latest finished one, whose ever it is, or ''
 * where none is. So a tier that is applied again after its rollback starts anew.
 */
export async function readSince(
  session: Session,
  { package: pkg, tier }: Pick<TierAttempt, 'package' | 'tier'>,
): Promise<string> {
  const answer = await session.query(
    `select claim || '.' || ordinal as since from one_roof.ledger
      where package = $1 and tier = $2 and finished_at is not null order by claim desc, ordinal desc limit 1`,
    [pkg.name, tier.id],
  );
  const since = answer.rows[0]?.['since'];
  return typeof since === 'string' ? since : '';
}
