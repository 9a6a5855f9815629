import { createHash } from 'node:crypto';
import type { TierAttempt } from '../../core/schema/attempt';
import type { SqlStatement } from '../../core/schema/statement';
import type { Session } from '../session';

const OUTCOMES = ['done', 'found done', 'was there', 'spared'] as const;

/**
 * How a step ended: it ran · what a dead attempt ran was found done · its effect was there before, and is not ours · a rollback
 * spared what its tier had not made.
 */
export type StepOutcome = (typeof OUTCOMES)[number];

/** What is noted of a statement: its intent, and how it ended, or that it has not. */
export interface StepRecord {
  readonly number: number;
  readonly outcome: StepOutcome | undefined;
}

/** Whose steps: those of one tier in one direction, after the finished attempt `since`. */
export interface StepsOf {
  readonly attempt: TierAttempt;
  readonly since: string;
}

/** The statements that were begun, by number. */
export async function readSteps(
  session: Session,
  { attempt, since }: StepsOf,
  direction = attempt.direction,
): Promise<ReadonlyMap<number, StepRecord>> {
  const answer = await session.query(
    `select number, case when finished_at is not null then outcome end as outcome from one_roof.step
      where release = $1 and package = $2 and tier = $3 and direction = $4 and since = $5`,
    [releaseOf(attempt), attempt.package.name, attempt.tier.id, direction, since],
  );
  return new Map(answer.rows.map((row) => [Number(row['number']), recordOf(row)]));
}

/** Under which `since` the tier was applied last, be it in part. */
export async function readSinceOfApply(session: Session, attempt: TierAttempt): Promise<string> {
  const answer = await session.query(
    `select since from one_roof.step where release = $1 and package = $2 and tier = $3 and direction = 'apply'
      order by claim desc, ordinal desc limit 1`,
    [releaseOf(attempt), attempt.package.name, attempt.tier.id],
  );
  const since = answer.rows[0]?.['since'];
  return typeof since === 'string' ? since : '';
}

/** Has any attempt at this statement, of whichever release, ended without an outcome? What it left is to be cleaned up. */
export async function wasCutOff(
  session: Session,
  attempt: TierAttempt,
  statement: SqlStatement,
): Promise<boolean> {
  const answer = await session.query(
    `select exists (select from one_roof.step
                     where package = $1 and tier = $2 and sha256 = $3 and finished_at is null) as yes`,
    [attempt.package.name, attempt.tier.id, digestOf(statement)],
  );
  return answer.rows[0]?.['yes'] === true;
}

/** Before the statement, in a transaction that holds the fence. */
export async function recordIntent(
  session: Session,
  { attempt, since }: StepsOf,
  statement: SqlStatement,
): Promise<void> {
  const { hold, tier, direction } = attempt;
  await session.query(
    `insert into one_roof.step (release, package, tier, direction, since, number, sha256, claim, ordinal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (release, package, tier, direction, since, number) do update
        set claim = excluded.claim, ordinal = excluded.ordinal, intended_at = pg_catalog.clock_timestamp(),
            finished_at = null, outcome = null`,
    [
      ...[releaseOf(attempt), attempt.package.name, tier.id, direction, since, statement.number],
      ...[digestOf(statement), hold.claim, hold.ordinal],
    ],
  );
}

/** After the statement, in a transaction that holds the fence. */
export async function recordOutcome(
  session: Session,
  { attempt, since }: StepsOf,
  { number, outcome }: { number: number; outcome: StepOutcome },
): Promise<void> {
  const { hold, tier, direction } = attempt;
  await session.query(
    `update one_roof.step
        set finished_at = pg_catalog.clock_timestamp(), outcome = $9, claim = $7, ordinal = $8
      where release = $1 and package = $2 and tier = $3 and direction = $4 and since = $5 and number = $6`,
    [
      ...[releaseOf(attempt), attempt.package.name, tier.id, direction, since, number],
      ...[hold.claim, hold.ordinal, outcome],
    ],
  );
}

/** Whose tier it is: a release may roll another one back. */
function releaseOf({ of, hold }: TierAttempt): string {
  return of ?? hold.release;
}

function recordOf(row: Readonly<Record<string, unknown>>): StepRecord {
  const outcome = OUTCOMES.find((each) => each === row['outcome']);
  return { number: Number(row['number']), outcome };
}

function digestOf({ text }: SqlStatement): string {
  return createHash('sha256').update(text).digest('hex');
}
