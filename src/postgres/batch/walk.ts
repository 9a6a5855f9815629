import { ReleaseError } from '../../core/rules/release-error';
import type { Hold, TierAttempt } from '../../core/schema/attempt';
import { Metrics } from '../../core/schema/name';
import type { Session } from '../session';

/** Whose walk through a table it is: over which tier, in which direction, since which finished attempt of that tier. */
export interface Walk {
  readonly release: string;
  readonly package: string;
  readonly tier: string;
  readonly direction: TierAttempt['direction'];
  readonly since: string;
}

/** How far it has come, as the ledger says. */
export interface Progressed {
  readonly cursor: string | null;
  readonly rows: number;
  readonly batches: number;
  /** Tables that it has locked for writing. */
  readonly written: readonly string[];
  /** The metrics that must not move, from before its first batch. */
  readonly inert: Metrics;
}

export const NOT_BEGUN: Progressed = { cursor: null, rows: 0, batches: 0, written: [], inert: {} };

const HERE = 'release = $1 and package = $2 and tier = $3 and direction = $4 and since = $5';

export function parametersOf({ release, package: pkg, tier, direction, since }: Walk): readonly string[] {
  return [release, pkg, tier, direction, since];
}

/**
 * The walk that an attempt goes on with. `since` is the latest finished attempt of the tier, whose ever it is: a tier that is
 * applied again after its rollback starts anew.
 */
export async function walkOf(session: Session, attempt: TierAttempt): Promise<Walk> {
  const { hold, of, tier, direction } = attempt;
  const pkg = attempt.package.name;
  const answer = await session.query(
    `select claim || '.' || ordinal as since from one_roof.ledger
      where package = $1 and tier = $2 and finished_at is not null order by claim desc, ordinal desc limit 1`,
    [pkg, tier.id],
  );
  const row = answer.rows[0];
  const since = row === undefined ? '' : String(row['since']);
  return { release: of ?? hold.release, package: pkg, tier: tier.id, direction, since };
}

export async function findProgress(session: Session, walk: Walk): Promise<Progressed | undefined> {
  const answer = await session.query(
    `select cursor, rows_changed, batches, written, inert from one_roof.batch where ${HERE}`,
    parametersOf(walk),
  );
  const row = answer.rows[0];
  if (row === undefined) return undefined;
  const { cursor, written, inert } = row;
  return {
    cursor: typeof cursor === 'string' ? cursor : null,
    rows: Number(row['rows_changed']),
    batches: Number(row['batches']),
    written: Array.isArray(written) ? written.map(String) : [],
    inert: Metrics.safeParse(inert).data ?? {},
  };
}

/** The walk's row, with nothing done. */
export async function beginWalk(
  session: Session,
  walk: Walk,
  { hold, inert }: { readonly hold: Hold; readonly inert: Metrics },
): Promise<void> {
  await session.query(
    `insert into one_roof.batch (release, package, tier, direction, since, claim, ordinal, inert) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [...parametersOf(walk), hold.claim, hold.ordinal, JSON.stringify(inert)],
  );
}

/** What one batch adds to the walk, in the batch's own transaction. */
export interface Step {
  readonly hold: Hold;
  /** How many batches were done before it: where the ledger has another number, somebody else has gone on. */
  readonly before: number;
  readonly cursor: string;
  readonly rows: number;
  readonly written: readonly string[];
}

/** @throws SUPERSEDED */
export async function advance(session: Session, walk: Walk, step: Step): Promise<void> {
  const { hold, before, cursor, rows, written } = step;
  const advanced = await session.query(
    `update one_roof.batch
        set cursor = $7, rows_changed = rows_changed + $8, batches = batches + 1, claim = $10, ordinal = $11,
            written = array(select distinct pg_catalog.unnest(written || $9::text[]) order by 1),
            changed_at = pg_catalog.clock_timestamp()
      where ${HERE} and batches = $6`,
    [...parametersOf(walk), before, cursor, rows, written, hold.claim, hold.ordinal],
  );
  if (advanced.rowCount === 1) return;
  throw new ReleaseError('SUPERSEDED', `batch ${before + 1} of tier ${walk.tier} was done by somebody else`);
}

/**
 * The latest apply of the tier by the same release, where there is something of it to roll back: one that is finished may have
 * met no row at all; one that is half done is of the same `since` as the rollback, and has batches.
 */
export async function findLatestApply(
  session: Session,
  rollback: Walk,
  what: 'finished' | 'half done',
): Promise<{ readonly walk: Walk; readonly batches: number } | undefined> {
  const answer = await session.query(
    `select since, batches from one_roof.batch
      where release = $1 and package = $2 and tier = $3 and direction = 'apply' order by claim desc, ordinal desc limit 1`,
    [rollback.release, rollback.package, rollback.tier],
  );
  const row = answer.rows[0];
  if (row === undefined) return undefined;
  const found = {
    walk: { ...rollback, direction: 'apply' as const, since: String(row['since']) },
    batches: Number(row['batches']),
  };
  if (what === 'finished') return found;
  return found.walk.since === rollback.since && found.batches > 0 ? found : undefined;
}
