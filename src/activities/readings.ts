import { effectiveGates, hardQueries } from '../core/rules/effective-gate';
import { unmetExpectations } from '../core/rules/expectations';
import { ReleaseError } from '../core/rules/release-error';
import type { GateQuery, Loss, TierInEffect } from '../core/schema/attempt';
import type { BaselineRead, CheckRow, ChecksRead, DatabaseIdentity } from '../core/schema/check';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { Metrics } from '../core/schema/name';
import type { Observation } from '../core/schema/observation';
import type { PlannedFile, ReleasePlan } from '../core/schema/plan';
import { readStatementsOf } from '../package/package';
import { runChecks } from '../postgres/checks';
import { readGatesWithin } from '../postgres/gate-reading';
import { readTiersHalfApplied } from '../postgres/half-applied';
import { readIdentity, verifyFits } from '../postgres/identity';
import { readTiersInEffect } from '../postgres/ledger';
import { countLosses, readFingerprintBefore } from '../postgres/losses';
import { readMetrics } from '../postgres/metrics';
import { verifyExecutor } from '../postgres/privileges';
import { readOnly } from '../postgres/read-only';
import { verifyRegistration } from '../postgres/registration';
import { withSession } from '../postgres/session';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { READ_LIMITS, reading } from './reading';
import { fingerprintTarget } from './target-fingerprint';
import type { ExpectedFrom } from './target-fingerprint';
import { endpointFor, findTarget, openedIn, policyOf, readPackage, registrationOf } from './world';
import type { World } from './world';

/** What of a target is to be observed. */
export interface Sight {
  readonly database: DatabaseRef;
  readonly plan: Pick<ReleasePlan, 'package'>;
  readonly checks: readonly PlannedFile[];
  readonly probe: PlannedFile | null;
  readonly gates: readonly GateQuery[];
  readonly schema: boolean;
  /** Tables whose rows belong to the schema's fingerprint, as far as the policy gives time. */
  readonly tables?: readonly string[];
  /** What the schema is compared with: the rehearsal's fingerprints, and that from before the first tier. */
  readonly expected?: ExpectedFrom;
}

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
    /** What a rollback of a finished release would take away of others', and the schema before it. */
    countLosses: activity(
      async (
        { database, release }: { database: DatabaseRef; release: string },
        watch: Watch,
      ): Promise<{ losses: readonly Loss[]; fingerprint: string | null }> => {
        const read = await reading(world, { database, watch, role: 'reader' }, async (session) => ({
          losses: await countLosses(session, release),
          fingerprint: await readFingerprintBefore(session, release),
        }));
        return read.value;
      },
    ),
    /** What One-Roof's ledger says is in effect; on request also what is there in part. */
    readTiersInEffect: activity(
      async (
        { database, orInPart }: { database: DatabaseRef; orInPart?: true },
        watch: Watch,
      ): Promise<{ tiers: readonly TierInEffect[] }> => {
        const read = await reading(world, { database, watch, role: 'reader' }, async (session) => [
          ...(await readTiersInEffect(session)),
          ...(orInPart === true ? await readTiersHalfApplied(session) : []),
        ]);
        return { tiers: read.value };
      },
    ),
    /** All that a release reads of its target at one point; what was not asked for stays empty. */
    observeTarget: activity(async (input: Sight, watch: Watch): Promise<Observation> => {
      const { database } = input;
      const pkg = await readPackage(world, input.plan.package);
      const files = [...input.checks, ...(input.probe === null ? [] : [input.probe])];
      const statements = await Promise.all(files.map((file) => readStatementsOf(pkg, file)));
      const probe = input.probe === null ? [] : (statements.pop() ?? []);
      const [read, catalog] = await allEnded(
        reading(world, { database, watch, role: 'reader' }, async (session) => {
          const readings = await readGatesWithin(session, input.gates);
          const checks: CheckRow[] = [];
          for (const each of statements) checks.push(...(await runChecks(session, each)));
          return {
            readings: [...readings],
            checks,
            metrics: probe.length === 0 ? {} : await readMetrics(session, probe),
          };
        }),
        input.schema ? fingerprintTarget(world, { database, watch, role: 'cloner' }, input) : null,
      );
      const mutations = read.mutations + (catalog?.mutations ?? 0);
      return { ...read.value, schema: null, ...catalog?.value, mutations };
    }),
  };
}

/** Both, or the first failure, but never before both have ended: nothing reads on beside what comes next. */
async function allEnded<One, Other>(
  one: Promise<One>,
  other: Promise<Other> | null,
): Promise<[One, Other | null]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
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
    opened: openedIn(world, database),
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
    {
      hint: 'Grant the role what is named, as `one-roof roles` shows it; or open a function in the target’s `readChannel`.',
    },
  );
}
