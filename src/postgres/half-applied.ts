import type { TierInEffect } from '../core/schema/attempt';
import type { Session } from './session';

/** Tiers beyond one transaction that were begun and neither finished nor rolled back; the ledger's row of the attempt names the file. */
const HALF_APPLIED = `
select distinct b.package, b.tier, l.sha256, b.release
  from (select release, package, tier, since, claim, ordinal from one_roof.step where direction = 'apply'
        union all
        select release, package, tier, since, claim, ordinal from one_roof.batch where direction = 'apply' and batches > 0) b
  join one_roof.ledger l on l.claim = b.claim and l.ordinal = b.ordinal
 where b.since = coalesce((select f.claim || '.' || f.ordinal from one_roof.ledger f
                            where f.package = b.package and f.tier = b.tier and f.finished_at is not null
                            order by f.claim desc, f.ordinal desc limit 1), '')
 order by b.package, b.tier`;

/** What no row of tiers in effect tells: effects that are there in part. */
export async function readTiersHalfApplied(session: Session): Promise<readonly TierInEffect[]> {
  return (await session.query(HALF_APPLIED)).rows.map((row) => ({
    package: String(row['package']),
    tier: String(row['tier']),
    sha256: String(row['sha256']),
    release: String(row['release']),
  }));
}
