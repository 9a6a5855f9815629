import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';
import type { Walk } from './walk';

/**
 * Before an apply: nobody has stopped halfway in this tier but this release itself on its way forward. Whatever is half done
 * would be done twice in part, or not at all.
 * @throws TIER_HALF_DONE naming the release
 */
export async function verifyNotHalfDone(session: Session, walk: Walk): Promise<void> {
  const answer = await session.query(
    `select release, direction, batches, rows_changed as rows from one_roof.batch
      where package = $1 and tier = $2 and since = $3 and batches > 0 and (release <> $4 or direction = 'rollback')
      order by direction desc limit 1`,
    [walk.package, walk.tier, walk.since, walk.release],
  );
  const row = answer.rows[0];
  if (row === undefined) return;
  const what = row['direction'] === 'rollback' ? 'rolled back' : 'applied';
  const how = `${String(row['batches'])} batches, ${String(row['rows'])} rows`;
  throw new ReleaseError(
    'TIER_HALF_DONE',
    `tier ${walk.tier} is half ${what} by ${String(row['release'])}: ${how}`,
  );
}
