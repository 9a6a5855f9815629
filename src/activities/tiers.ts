import { WorkflowNotFoundError } from '@temporalio/client';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import { modeOf } from '../core/rules/tier-mode';
import type { AttemptResult, TierAttempt } from '../core/schema/attempt';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { Progress } from '../core/schema/heartbeat';
import { readStatementsOf, rollbackStatementsOf, statementsOf } from '../package/package';
import type { ReleasePackage } from '../package/package';
import { attemptTier } from '../postgres/attempt';
import { attemptAutocommitTier } from '../postgres/autocommit/attempt';
import { attemptBatchTier } from '../postgres/batch/attempt-batch-tier';
import { closeClaim, takeClaim } from '../postgres/claim';
import type { Claim, ClaimEnd, Claimant } from '../postgres/claim';
import { attemptApplication } from '../postgres/session-lock';
import { withSession } from '../postgres/session';
import type { Session } from '../postgres/session';
import { stoppable } from '../postgres/stopper';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { revealing } from './revealing';
import { endpointFor, openedIn, readPackage, registrationOf } from './world';
import type { World } from './world';

export type { Claim } from '../postgres/claim';

export interface ClaimOrder {
  readonly database: DatabaseRef;
  readonly claimant: Claimant;
}

/** What writes: the claim, the tiers and their rollbacks, by the executor's role, one attempt at a time. */
export function tierActivities(world: World) {
  return {
    /** Takes the database; idempotent by release. */
    claimDatabase: activity(async ({ database, claimant }: ClaimOrder, watch: Watch): Promise<Claim> => {
      if (claimant.recovers !== undefined) await verifyHasEnded(world, claimant.release);
      return await holding(
        world,
        { database, watch, application: `one-roof claims for ${claimant.release}` },
        (session) => takeClaim(session, claimant, registrationOf(world, database)),
      );
    }),
    /** Closes the claim, or records that it will never be taken. */
    closeClaim: activity(
      async ({ database, claimant, end }: ClaimOrder & { end: ClaimEnd }, watch: Watch): Promise<void> => {
        await holding(
          world,
          { database, watch, application: `one-roof closes ${claimant.release}` },
          (session) =>
            closeClaim(session, claimant, { ...end, registration: registrationOf(world, database) }),
        );
      },
    ),
    applyTier: activity((attempt: TierAttempt, watch: Watch) => runAttempt(world, attempt, watch)),
    rollBackTier: activity((attempt: TierAttempt, watch: Watch) => runAttempt(world, attempt, watch)),
  };
}

/** Nobody takes a release over that still runs: two would roll it back and on at once. @throws RELEASE_RUNS */
async function verifyHasEnded({ client }: World, release: string): Promise<void> {
  try {
    const { status } = await client.workflow.getHandle(release).describe();
    if (status.name !== 'RUNNING') return;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return; // its history is gone, or it was started in another namespace
    throw error;
  }
  throw new ReleaseError('RELEASE_RUNS', `release ${release} still runs`);
}

const ATTEMPTS = {
  transaction: attemptTier,
  autocommit: attemptAutocommitTier,
  batch: attemptBatchTier,
} as const;

/** Who looks on from outside while a statement runs: quick reads of the server's own views. */
const BESIDE = {
  application: 'one-roof looks on',
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 5_000,
  readOnly: true,
} as const;

async function runAttempt(world: World, attempt: TierAttempt, watch: Watch): Promise<AttemptResult> {
  const pkg = await readPackage(world, attempt.package);
  const { tier, database, hold } = attempt;
  const endpoint = await endpointFor(world, database, 'executor');
  const isApply = attempt.direction === 'apply';
  const mode = modeOf(tier.rules);
  const work = {
    attempt,
    file: (isApply ? tier.apply : tier.rollback)?.path ?? '',
    statements: isApply ? await statementsOf(pkg, tier.apply, mode) : await rollbackStatementsOf(pkg, tier),
    applied: mode === 'autocommit' && !isApply ? await statementsOf(pkg, tier.apply, mode) : [],
    probe: await probeOf(pkg, attempt),
    nonce: registrationOf(world, database).nonce,
    onProgress: (progress: Progress) => watch.progress(progress),
    beside: (look: (session: Session) => Promise<void>) =>
      withSession(endpoint, { ...BESIDE, signal: watch.signal }, look),
  };
  const settings = {
    application: attemptApplication(hold, tier.id),
    lockTimeoutMs: milliseconds(tier.rules.lockTimeout),
    statementTimeoutMs: milliseconds(tier.rules.statementTimeout),
    opened: openedIn(world, database),
  };
  const attempted = await revealing(world, () =>
    stoppable((stopper) => {
      const signal = AbortSignal.any([watch.signal, stopper.signal]);
      return withSession(endpoint, { ...settings, signal }, (session) =>
        ATTEMPTS[mode](session, { ...work, stopper }),
      );
    }),
  );
  if (!('measures' in attempted.result) || attempted.measures.length === 0) return attempted.result;
  return { ...attempted.result, measures: await world.store.putDocument(attempted.measures) };
}

async function probeOf(pkg: ReleasePackage, attempt: TierAttempt) {
  const { expect, inert } = attempt.tier.rules;
  const isNeeded =
    attempt.probe !== null && attempt.direction === 'apply' && Object.keys(expect).length + inert.length > 0;
  return isNeeded && attempt.probe !== null ? readStatementsOf(pkg, attempt.probe) : [];
}

interface Holding {
  readonly database: DatabaseRef;
  readonly watch: Watch;
  readonly application: string;
}

/** Claims are small: what takes longer is somebody's lock. */
const CLAIM_TIMEOUT_MS = 15_000;

async function holding<T>(world: World, who: Holding, work: (session: Session) => Promise<T>): Promise<T> {
  const settings = {
    application: who.application,
    lockTimeoutMs: CLAIM_TIMEOUT_MS,
    statementTimeoutMs: CLAIM_TIMEOUT_MS,
    signal: who.watch.signal,
  };
  return withSession(await endpointFor(world, who.database, 'executor'), settings, work);
}
