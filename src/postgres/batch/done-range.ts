import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import type { Hold } from '../../core/schema/attempt';
import type { Session } from '../session';
import type { KeyRange } from './key-range';
import type { Walk } from './walk';

/** Rows inserted less rows deleted, by `schema.table`. */
const NetRows = z.record(z.string(), z.number());
export type NetRows = Readonly<z.infer<typeof NetRows>>;

/** A range that an apply has done: a rollback takes back the same ranges, and no more in each than was done there. */
export interface DoneRange extends KeyRange {
  readonly number: number;
  readonly rows: number;
  readonly net: NetRows;
}

/** Records a range in the transaction of its batch. */
export async function recordRange(
  session: Session,
  { walk, hold }: { readonly walk: Walk; readonly hold: Hold },
  range: DoneRange,
): Promise<void> {
  const { release, package: pkg, tier, since } = walk;
  await session.query(
    `insert into one_roof.batch_range (release, package, tier, since, number, first, last, keys, rows_changed, net, claim, ordinal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[release, pkg, tier, since, range.number, range.first, range.last, range.keys, range.rows],
      ...[JSON.stringify(range.net), hold.claim, hold.ordinal],
    ],
  );
}

/** The range of that number of an apply. */
export async function readRange(session: Session, walk: Walk, number: number): Promise<DoneRange> {
  const answer = await session.query(
    `select first, last, keys, rows_changed, net from one_roof.batch_range
      where release = $1 and package = $2 and tier = $3 and since = $4 and number = $5`,
    [walk.release, walk.package, walk.tier, walk.since, number],
  );
  const row = answer.rows[0];
  if (row === undefined)
    throw new ReleaseError('INTERNAL', `range ${number} of tier ${walk.tier} is not in the ledger`);
  return {
    number,
    first: String(row['first']),
    last: String(row['last']),
    keys: Number(row['keys']),
    rows: Number(row['rows_changed']),
    net: NetRows.parse(row['net']),
  };
}

/** How many keys an apply has passed so far, or a rollback has come back over: those of the last so many ranges. */
export async function countPassed(session: Session, walk: Walk, above = 0): Promise<number> {
  const answer = await session.query(
    `select coalesce(sum(keys), 0) as keys from one_roof.batch_range
      where release = $1 and package = $2 and tier = $3 and since = $4 and number > $5`,
    [walk.release, walk.package, walk.tier, walk.since, above],
  );
  return Number(answer.rows[0]?.['keys']);
}
