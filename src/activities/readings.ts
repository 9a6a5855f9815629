import { effectiveGates, hardQueries } from '../core/rules/effective-gate';
import { unmetExpectations } from '../core/rules/expectations';
import { ReleaseError } from '../core/rules/release-error';
import type { GateQuery, GateReading, TierInEffect } from '../core/schema/attempt';
import type { BaselineRead, ChecksRead, DatabaseIdentity } from '../core/schema/check';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { FingerprintSummary } from '../core/schema/fingerprint';
import type { Metrics } from '../core/schema/name';
import type { PlannedFile, ReleasePlan } from '../core/schema/plan';
import { readStatementsOf } from '../package/package';
import { runChecks } from '../postgres/checks';
import { takeFingerprint } from '../postgres/fingerprint/take';
import { summarize } from '../postgres/fingerprint/summary';
import { readGatesWithin } from '../postgres/gate-reading';
import { readIdentity, verifyFits } from '../postgres/identity';
import { readTiersInEffect } from '../postgres/ledger';
import { readMetrics } from '../postgres/metrics';
import { verifyExecutor } from '../postgres/privileges';
import { readOnly } from '../postgres/read-only';
import type { ReadResult } from '../postgres/read-only';
import { verifyRegistration } from '../postgres/registration';
import { withSession } from '../postgres/session';
import type { Session } from '../postgres/session';
import { Policy } from '../core/schema/target';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { endpointFor, findTarget, readPackage, registrationOf } from './world';
import type { RoleName, World } from './world';

/** What every read of package SQL is limited to. Invariant 12. */
const READ_TIMEOUT_MS = 5_000;
const READ_LIMITS = { lockTimeoutMs: READ_TIMEOUT_MS, statementTimeoutMs: READ_TIMEOUT_MS } as const;
/** Our own reading of a large catalog; it is not package SQL. */
const CATALOG_LIMITS = { lockTimeoutMs: READ_TIMEOUT_MS, statementTimeoutMs: 60_000 } as const;

export interface PackageFileRead {
  readonly database: DatabaseRef;
  readonly plan: Pick<ReleasePlan, 'package'>;
  readonly file: PlannedFile;
}

/** Reads of a target or a clone, by the reader's role, in read-only transactions that are rolled back. */
export function readingActivities(world: World) {
  return {
    /** Is it the database that is meant, fit for the package, and does everything hold that must hold before a start? */
    checkTarget: activity(
      async (
        input: { database: DatabaseRef; plan: ReleasePlan },
        watch: Watch,
      ): Promise<ChecksRead & { identity: DatabaseIdentity }> => {
        const { database, plan } = input;
        const pkg = await readPackage(world, plan.package);
        const statements = plan.preflight === null ? [] : await readStatementsOf(pkg, plan.preflight);
        const read = await reading(world, { database, watch, role: 'reader' }, async (session) => {
          await verifyRegistration(session, registrationOf(world, database));
          const identity = await readIdentity(session);
          if (database.clone === undefined) verifyFits(identity, plan.database);
          const target = findTarget(world, database.target);
          await verifyExecutor(session, target.roles.executor, target.policy?.protectedTables ?? []);
          return { identity, checks: [...(await runChecks(session, statements))] };
        });
        await verifyExecutorReads(
          world,
          { database, watch },
          hardQueries(effectiveGates(plan, policyOf(world, database).gates)),
        );
        return { ...read.value, mutations: read.mutations };
      },
    ),
    /** The probe's metrics. */
    readBaseline: activity(async (input: PackageFileRead, watch: Watch): Promise<BaselineRead> => {
      const statements = await readStatementsOf(await readPackage(world, input.plan.package), input.file);
      const read = await reading(world, { ...input, watch, role: 'reader' }, (session) =>
        readMetrics(session, statements),
      );
      return { metrics: read.value, mutations: read.mutations, at: new Date().toISOString() };
    }),
    /** Check files: the end's verification, the read contract. */
    runChecks: activity(async (input: PackageFileRead, watch: Watch): Promise<ChecksRead> => {
      const statements = await readStatementsOf(await readPackage(world, input.plan.package), input.file);
      const read = await reading(world, { ...input, watch, role: 'reader' }, (session) =>
        runChecks(session, statements),
      );
      return { checks: [...read.value], mutations: read.mutations };
    }),
    /** What must hold on a finalized clone. @throws EXPECTATION_FAILED with the figures in its details. */
    revalidate: activity(
      async (input: PackageFileRead & { expect: Metrics }, watch: Watch): Promise<BaselineRead> => {
        const statements = await readStatementsOf(await readPackage(world, input.plan.package), input.file);
        const read = await reading(world, { ...input, watch, role: 'reader' }, (session) =>
          readMetrics(session, statements),
        );
        const wrong = unmetExpectations(input.expect, read.value);
        if (wrong.length > 0)
          throw new ReleaseError('EXPECTATION_FAILED', `on the finalized clone: ${wrong.join('; ')}`, {
            details: { metrics: read.value, wrong },
          });
        return { metrics: read.value, mutations: read.mutations, at: new Date().toISOString() };
      },
    ),
    /** What One-Roof's ledger says is in effect. */
    readTiersInEffect: activity(
      async (
        { database }: { database: DatabaseRef },
        watch: Watch,
      ): Promise<{ tiers: readonly TierInEffect[] }> => {
        const read = await reading(world, { database, watch, role: 'reader' }, (session) =>
          readTiersInEffect(session),
        );
        return { tiers: read.value };
      },
    ),
    /** Hard gates, by the reader's role. An unreadable gate is a closed gate. */
    readGates: activity(
      async (
        input: { database: DatabaseRef; gates: readonly GateQuery[] },
        watch: Watch,
      ): Promise<{ readings: readonly GateReading[]; mutations: number }> => {
        const read = await reading(world, { ...input, watch, role: 'reader' }, (session) =>
          readGatesWithin(session, input.gates),
        );
        return { readings: read.value, mutations: read.mutations };
      },
    ),
    /** The catalog of a production target: what a rollback must return to. */
    fingerprintSchema: activity(
      async (
        { database }: { database: DatabaseRef },
        watch: Watch,
      ): Promise<FingerprintSummary & { mutations: number }> => {
        const read = await reading(
          world,
          { database, watch, role: 'cloner' },
          (session) => takeFingerprint(session.client, { contents: 'none' }),
          'one',
        );
        return {
          ...summarize(read.value),
          ref: await world.store.putDocument(read.value),
          mutations: read.mutations,
        };
      },
    ),
  };
}

interface Reader {
  readonly database: DatabaseRef;
  readonly role: RoleName;
  readonly watch: Watch;
}

// eslint-disable-next-line max-params -- the moment belongs to the read, not to who reads
async function reading<T>(
  world: World,
  reader: Reader,
  work: (session: Session) => Promise<T>,
  moment: 'each' | 'one' = 'each',
): Promise<ReadResult<T>> {
  const endpoint = await endpointFor(world, reader.database, reader.role);
  const settings = {
    application: 'one-roof read',
    ...(moment === 'one' ? CATALOG_LIMITS : READ_LIMITS),
    readOnly: true,
    signal: reader.watch.signal,
  } as const;
  try {
    return await withSession(endpoint, settings, (session) => readOnly(session, () => work(session), moment));
  } catch (error) {
    throw asObservation(error);
  }
}

/** A wrong password, or a gate that the executor may not read, is found before the gate and not behind it. */
async function verifyExecutorReads(
  world: World,
  { database, watch }: { database: DatabaseRef; watch: Watch },
  gates: readonly GateQuery[],
): Promise<void> {
  const endpoint = await endpointFor(world, database, 'executor');
  const settings = {
    application: 'one-roof check',
    ...READ_LIMITS,
    readOnly: true,
    signal: watch.signal,
  } as const;
  const read = await withSession(endpoint, settings, (session) =>
    readOnly(session, () => readGatesWithin(session, gates)),
  );
  const unreadable = read.value.filter((each) => each.unreadable !== undefined);
  if (unreadable.length === 0) return;
  const problems = unreadable.map((each) => `${each.gate}: ${each.unreadable ?? ''}`).join('; ');
  throw new ReleaseError(
    'PRIVILEGE_MISSING',
    `${endpoint.user}, inside a tier's transaction, could not read gate ${problems}`,
  );
}

function policyOf(world: World, database: DatabaseRef): Policy {
  return findTarget(world, database.target).policy ?? Policy.parse({});
}

/**
 * A failure to observe is no verdict: time-outs, full disks and missing grants undo nothing. DESIGN.md §5. A statement that
 * fails by itself stays what it is.
 */
function asObservation(error: unknown): unknown {
  if (!(error instanceof ReleaseError)) return error;
  const state = error.details['sqlstate'];
  if (state === '42501')
    return new ReleaseError('READ_REFUSED', error.message, { details: error.details, cause: error });
  const isOutage = typeof state === 'string' && (state === '57014' || /^(53|58|XX)/.test(state));
  return isOutage
    ? new ReleaseError('OBSERVATION_FAILED', error.message, { details: error.details, cause: error })
    : error;
}
