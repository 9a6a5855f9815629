import { ReleaseError } from '../core/rules/release-error';
import type { Hold, TierAttempt, TierInEffect } from '../core/schema/attempt';
import { Effects } from './effects';
import { verifyNothingLost } from './continuity';
import type { Session } from './session';

/** Raises the ordinal in a transaction of its own: whoever comes later with a lower one is refused. @throws SUPERSEDED, COMMITS_LOST */
export async function raiseFence(session: Session, hold: Hold): Promise<void> {
  const raised = await session.query(
    'update one_roof.fence set ordinal = $2 where claim = $1 and ordinal < $2',
    [hold.claim, hold.ordinal],
  );
  if (raised.rowCount === 1) return;
  await verifyNothingLost(session, hold);
  throw superseded(hold);
}

/** Inside the tier's transaction: claim and ordinal are still mine, and stay so until its end. @throws SUPERSEDED, COMMITS_LOST */
export async function lockFence(session: Session, hold: Hold): Promise<void> {
  const mine = await session.query(
    'select from one_roof.fence where claim = $1 and ordinal = $2 for update',
    [hold.claim, hold.ordinal],
  );
  if (mine.rowCount !== 1) throw superseded(hold);
  await verifyNothingLost(session, hold);
}

/** A tier's latest effect, with what it left in tables. */
export interface InEffect {
  readonly release: string;
  readonly effects: Effects | undefined;
}

/**
 * Is the tier in effect, and by whom? A rollback asks only for what its own release applied: what another one did, with
 * whichever bytes, is none of its business. @throws TIER_CHANGED where it is in effect with other bytes.
 */
export async function findInEffect(session: Session, attempt: TierAttempt): Promise<InEffect | undefined> {
  const answer = await session.query(
    `select direction, sha256, release, effects from one_roof.ledger
      where package = $1 and tier = $2 and finished_at is not null order by claim desc, ordinal desc limit 1`,
    [attempt.package.name, attempt.tier.id],
  );
  const row = answer.rows[0];
  if (row === undefined || row['direction'] !== 'apply') return undefined;
  if (attempt.direction === 'rollback' && row['release'] !== (attempt.of ?? attempt.hold.release))
    return undefined;
  if (row['sha256'] !== attempt.tier.apply.sha256) {
    throw new ReleaseError(
      'TIER_CHANGED',
      `tier ${attempt.tier.id} is in effect with other bytes (${String(row['sha256']).slice(0, 12)}…), by ${String(row['release'])}`,
    );
  }
  return { release: String(row['release']), effects: Effects.safeParse(row['effects']).data };
}

/** Was rolling it back the last that was finished of this tier, and was it this release? Then an answer was lost. */
export async function isRolledBackHere(session: Session, attempt: TierAttempt): Promise<boolean> {
  const answer = await session.query(
    `select direction = 'rollback' and release = $3 as done from one_roof.ledger
      where package = $1 and tier = $2 and finished_at is not null order by claim desc, ordinal desc limit 1`,
    [attempt.package.name, attempt.tier.id, attempt.hold.release],
  );
  return answer.rows[0]?.['done'] === true;
}

/** All tiers that are in effect in this database, of any package. */
export async function readTiersInEffect(session: Session): Promise<readonly TierInEffect[]> {
  const answer = await session.query(
    'select package, tier, sha256, release from one_roof.in_effect order by package, tier',
  );
  return answer.rows.map((row) => ({
    package: String(row['package']),
    tier: String(row['tier']),
    sha256: String(row['sha256']),
    release: String(row['release']),
  }));
}

/** Enters tiers that were in effect before, in the source of a clone: under claim 0, which no release ever holds. */
export async function enterTiersInEffect(session: Session, tiers: readonly TierInEffect[]): Promise<void> {
  let ordinal = 0;
  for (const tier of tiers) {
    ordinal += 1;
    await session.query(
      `insert into one_roof.ledger (claim, ordinal, release, package, tier, direction, sha256, finished_at)
       values (0, $1, $2, $3, $4, 'apply', $5, clock_timestamp()) on conflict do nothing`,
      [ordinal, tier.release, tier.package, tier.tier, tier.sha256],
    );
  }
}

/** The attempt's row, unfinished; it is seen by nobody before the tier's own commit. */
export async function beginLedgerRow(session: Session, attempt: TierAttempt): Promise<void> {
  const { hold, tier, direction } = attempt;
  await session.query(
    `insert into one_roof.ledger (claim, ordinal, release, package, tier, direction, sha256) values ($1, $2, $3, $4, $5, $6, $7)`,
    [hold.claim, hold.ordinal, hold.release, attempt.package.name, tier.id, direction, tier.apply.sha256],
  );
}

/** The last change of the tier's transaction before its commit. */
export async function finishLedgerRow(
  session: Session,
  hold: Hold,
  done: { rows: number; effects: Effects | null },
): Promise<void> {
  const finished = await session.query(
    `update one_roof.ledger set finished_at = pg_catalog.clock_timestamp(), rows_changed = $3, effects = $4
      where claim = $1 and ordinal = $2 and finished_at is null`,
    [hold.claim, hold.ordinal, done.rows, done.effects === null ? null : JSON.stringify(done.effects)],
  );
  if (finished.rowCount !== 1)
    throw new ReleaseError('TRANSACTION_ESCAPED', 'the ledger row of this attempt is gone');
}

function superseded(hold: Hold): ReleaseError {
  return new ReleaseError(
    'SUPERSEDED',
    `attempt ${hold.claim}.${hold.ordinal} of ${hold.release} has been overtaken by a newer one`,
  );
}
