import { ReleaseError } from '../core/rules/release-error';
import type { PackageRef } from '../core/schema/plan';
import type { Registration } from './prepare';
import { verifyRegistration } from './registration';
import { takeSessionLock } from './session-lock';
import type { Session } from './session';

/** Who wants to hold the database. */
export interface Claimant {
  readonly release: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly requester: string;
  /** The document of the schema as it was before the claim: what a rollback must return to. */
  readonly fingerprint?: string;
  /** It was terminated, and is taken over: by which workflow, and from which claim, as that one found it. */
  readonly recovers?: { readonly by: string; readonly claim: number };
}

/** What a claim is: its number, and the schema before it, which a recovery does not know otherwise. */
export interface Claim {
  readonly claim: number;
  readonly fingerprint: string | null;
}

/** The registration that the database must have. */
type Expected = Omit<Registration, 'name'>;

/**
 * Takes the database for a release, under the session lock: raises the number in `fence`, so that attempts of every earlier
 * claim never match again. Idempotent by release id, a recovery by its workflow.
 * A release that was terminated is taken over under a higher claim: once by each workflow, and only from the claim that it found.
 * @throws DATABASE_HELD where another release is open, RELEASE_CLOSED where this one has given up, SUPERSEDED where it was taken
 * over since.
 */
export async function takeClaim(
  session: Session,
  claimant: Claimant,
  registration: Expected,
): Promise<Claim> {
  await verifyRegistration(session, registration); // nothing is written, and nobody ended, in another database
  const older = claimant.recovers === undefined ? 0 : Number.MAX_SAFE_INTEGER; // a recovery ends whatever attempt is left
  await takeSessionLock(session, { release: claimant.release, claim: older, ordinal: 0 });
  await session.query('begin isolation level read committed');
  await verifyRegistration(session, registration);
  const mine = await session.query(
    'select state, claim, fingerprint, coalesce(held_by, id) as held_by from one_roof.release where id = $1',
    [claimant.release],
  );
  const row = mine.rows[0];
  if (row?.['state'] === 'closed' || (row === undefined && claimant.recovers !== undefined)) {
    throw new ReleaseError('RELEASE_CLOSED', `release ${claimant.release} is not open in this database`);
  }
  if (row === undefined) {
    const claim = await openClaim(session, claimant);
    await session.query('commit');
    return { claim, fingerprint: claimant.fingerprint ?? null };
  }
  const claim = await claimOf(session, claimant, { claim: Number(row['claim']), by: String(row['held_by']) });
  await session.query('commit');
  return { claim, fingerprint: typeof row['fingerprint'] === 'string' ? row['fingerprint'] : null };
}

/**
 * The open release's claim, if it is this workflow's already; else the same release under a higher number, so that whatever the
 * terminated one left behind never matches again. A request that comes late, after somebody else took over, takes nothing.
 */
async function claimOf(
  session: Session,
  { release, recovers }: Claimant,
  held: { readonly claim: number; readonly by: string },
): Promise<number> {
  const by = recovers?.by ?? release;
  if (held.by === by) return held.claim;
  if (recovers?.claim !== held.claim)
    throw new ReleaseError('SUPERSEDED', `release ${release} has been taken over by ${held.by}`);
  const claim = await raiseFenceClaim(session);
  await session.query('update one_roof.release set claim = $2, held_by = $3 where id = $1', [
    release,
    claim,
    by,
  ]);
  return claim;
}

async function raiseFenceClaim(session: Session): Promise<number> {
  const raised = await session.query(
    'update one_roof.fence set claim = claim + 1, ordinal = 0 returning claim',
  );
  return Number(raised.rows[0]?.['claim']);
}

async function openClaim(session: Session, claimant: Claimant): Promise<number> {
  const open = await session.query(
    `select id, coalesce(held_by, id) as held_by, requester, opened_at::text from one_roof.release where state = 'open'`,
  );
  const other = open.rows[0];
  if (other !== undefined) {
    throw new ReleaseError(
      'DATABASE_HELD',
      `release ${String(other['id'])} of ${String(other['requester'])} has held this database since ${String(other['opened_at'])}`,
      {
        details: { holder: String(other['id']), by: String(other['held_by']) },
        hint: 'Wait for its end, or abort it. Where it was terminated: `one-roof recover TARGET` rolls it back, or takes it over.',
      },
    );
  }
  const claim = await raiseFenceClaim(session);
  const { package: pkg, release, scope, requester } = claimant;
  await session.query(
    `insert into one_roof.release (id, package, version, digest, scope, requester, claim, fingerprint, held_by, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $1, 'open')`,
    [release, pkg.name, pkg.version, pkg.digest, scope, requester, claim, claimant.fingerprint ?? null],
  );
  return claim;
}

/** How a claim ended. */
export interface ClaimEnd {
  readonly outcome: string;
  /** null: the claim was asked for and its answer is not known. */
  readonly claim: number | null;
  readonly evidence: string | null;
}

/** The end, and the registration of the database that it is written into. */
export type ClaimClosing = ClaimEnd & { readonly registration: Expected };

/**
 * Closes a release, also one that never claimed: its id is recorded as closed, so that a late claim of it is refused. One that
 * somebody has taken over since is theirs to close. Idempotent: the first outcome stays. @throws WRONG_REGISTRATION before anything is written.
 */
export async function closeClaim(session: Session, claimant: Claimant, end: ClaimClosing): Promise<void> {
  const { registration } = end;
  await verifyRegistration(session, registration);
  await takeSessionLock(session, {
    release: claimant.release,
    claim: end.claim ?? 0,
    ordinal: Number.MAX_SAFE_INTEGER,
  });
  await session.query('begin isolation level read committed');
  await verifyRegistration(session, registration);
  await writeEnd(session, claimant, end);
  await session.query('commit');
}

async function writeEnd(session: Session, claimant: Claimant, end: ClaimEnd): Promise<void> {
  const { package: pkg, release, scope, requester, recovers } = claimant;
  await session.query(
    `insert into one_roof.release (id, package, version, digest, scope, requester, state, outcome, evidence, closed_at)
     values ($1, $2, $3, $4, $5, $6, 'closed', $7, $8, clock_timestamp())
     on conflict (id) do update set state = 'closed', outcome = excluded.outcome, evidence = excluded.evidence,
            closed_at = excluded.closed_at
      where release.state = 'open'
        and case when $9::bigint is null then coalesce(release.held_by, release.id) = $10 else release.claim = $9::bigint end`,
    [
      ...[release, pkg.name, pkg.version, pkg.digest, scope, requester, end.outcome, end.evidence],
      ...[end.claim, recovers?.by ?? release],
    ],
  );
}
