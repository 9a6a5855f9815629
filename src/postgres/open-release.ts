import type { PackageRef } from '../core/schema/plan';
import type { Session } from './session';

/** The release that holds a database, as its ledger knows it. */
export interface OpenRelease {
  readonly id: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly requester: string;
  readonly claim: number;
  /** ISO, UTC. */
  readonly openedAt: string;
}

/** What a release has left of one of its tiers. */
export interface LeftTier {
  readonly tier: string;
  readonly state: 'in effect' | 'rolled back' | 'begun' | 'rollback begun';
  /** How far what was begun has come; empty for what is whole. */
  readonly note: string;
}

const OPEN = `
select id, package, version, digest, scope, requester, claim,
       pg_catalog.to_char(opened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as opened
  from one_roof.release where state = 'open'`;

/** The one open release; undefined: nobody holds the database. */
export async function readOpenRelease(session: Session): Promise<OpenRelease | undefined> {
  const row = (await session.query(OPEN)).rows[0];
  if (row === undefined) return undefined;
  return {
    id: String(row['id']),
    package: {
      name: String(row['package']),
      version: String(row['version']),
      digest: String(row['digest']),
    },
    scope: String(row['scope']),
    requester: String(row['requester']),
    claim: Number(row['claim']),
    openedAt: String(row['opened']),
  };
}

/** A tier belongs to the release that applied it latest; what another has taken over since is not in it. */
const WHOLE = `
select l.tier, l.direction
  from (select distinct on (package, tier) package, tier, direction, release
          from one_roof.ledger where finished_at is not null
         order by package, tier, claim desc, ordinal desc) l
 where l.release = $1 order by l.tier`;

/** What counts is what came after the latest finished attempt: a tier that is applied again begins anew. */
const SINCE = `
coalesce((select f.claim || '.' || f.ordinal from one_roof.ledger f
           where f.release = p.release and f.package = p.package and f.tier = p.tier and f.finished_at is not null
           order by f.claim desc, f.ordinal desc limit 1), '')`;

const STEPS = `
select p.tier, p.direction,
       pg_catalog.format('%s of %s statements that were begun are done', count(p.finished_at), count(*)) as far
  from one_roof.step p where p.release = $1 and p.since = ${SINCE}
 group by p.tier, p.direction order by p.tier`;

const BATCHES = `
select p.tier, p.direction, pg_catalog.format('%s batches are done, %s rows', p.batches, p.rows_changed) as far
  from one_roof.batch p where p.release = $1 and p.since = ${SINCE} order by p.tier`;

/** The tiers of a release that the ledger knows: whole ones, and those beyond one transaction that stopped on their way. */
export async function readLeftTiers(session: Session, release: string): Promise<readonly LeftTier[]> {
  const begun = [
    ...(await readBegun(session, release, { table: 'one_roof.step', sql: STEPS })),
    ...(await readBegun(session, release, { table: 'one_roof.batch', sql: BATCHES })),
  ];
  const whole = (await session.query(WHOLE, [release])).rows.map((row): LeftTier => ({
    tier: String(row['tier']),
    state: row['direction'] === 'apply' ? 'in effect' : 'rolled back',
    note: '',
  }));
  const isBegun = ({ tier }: LeftTier): boolean => begun.some((each) => each.tier === tier);
  return [...whole.filter((each) => !isBegun(each)), ...begun].sort((one, other) =>
    one.tier.localeCompare(other.tier),
  );
}

/** A database that was prepared by an earlier version has no such table. */
async function readBegun(
  session: Session,
  release: string,
  { table, sql }: { readonly table: string; readonly sql: string },
): Promise<readonly LeftTier[]> {
  const there = await session.query('select pg_catalog.to_regclass($1) is not null as yes', [table]);
  if (there.rows[0]?.['yes'] !== true) return [];
  return (await session.query(sql, [release])).rows.map((row) => ({
    tier: String(row['tier']),
    state: row['direction'] === 'apply' ? 'begun' : 'rollback begun',
    note: String(row['far']),
  }));
}
