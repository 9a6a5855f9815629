import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { explainBesideOthers, explainFingerprints } from '../core/rules/explain-fingerprints';
import { hiddenColumns } from '../core/rules/resolve-masking';
import type { CloneRef, DatabaseRef } from '../core/schema/database-ref';
import { Fingerprint } from '../core/schema/fingerprint';
import type { Comparison, FingerprintSummary } from '../core/schema/fingerprint';
import type { TierInEffect } from '../core/schema/attempt';
import type { VolatileColumns } from '../core/schema/descriptor';
import type { Metrics } from '../core/schema/name';
import type { ReleasePlan } from '../core/schema/plan';
import { readStatementsOf } from '../package/package';
import { captureSource } from '../postgres/clone/capture';
import { createMarked } from '../postgres/clone/create';
import { dropMade } from '../postgres/clone/drop';
import { keepMade, verifyNameIsFree } from '../postgres/clone/keep';
import { listMade } from '../postgres/clone/registry';
import { openClone } from '../postgres/clone/open';
import { restoreDump } from '../postgres/clone/restore';
import { DatabaseShape } from '../postgres/clone/shape';
import { summarize } from '../postgres/fingerprint/summary';
import { takeInLanes } from '../postgres/fingerprint/take-in-lanes';
import { withSession } from '../postgres/session';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { JOBS, UNLIMITED, maintaining } from './maintaining';
import { endpointFor, findTarget, openedIn, policyOf, readPackage } from './world';
import type { World } from './world';

/** A dump and what it must equal, by name; the bytes stay in the store. */
export interface Captured {
  readonly dump: string;
  readonly shape: DatabaseShape;
  readonly baseline: Metrics;
  readonly fingerprint: FingerprintSummary;
  readonly tiersInEffect: readonly TierInEffect[];
  readonly mutations: number;
}

interface Opening {
  readonly database: DatabaseRef;
  readonly source: string;
  readonly tiersInEffect: readonly TierInEffect[];
}

/** Where it is to be masked: nobody but the restorer gets into the clone before `openClone`. */
interface MayBeClosed {
  readonly closed?: true;
  /** Whose it becomes when it is opened. */
  readonly owner?: string;
}

/** What makes, compares and drops clones. */
export function cloneActivities(world: World) {
  return {
    /** Baseline, fingerprint and dump of the source, of one snapshot. */
    captureSource: activity(
      async (input: { source: string; plan: ReleasePlan; dump: string }, watch: Watch): Promise<Captured> => {
        const database = { target: input.source };
        const { probe } = input.plan;
        const folder = join(await world.store.scratch(input.dump), 'dump');
        await rm(folder, { recursive: true, force: true }); // what a dead attempt left
        const captured = await captureSource({
          reader: await endpointFor(world, database, 'reader'),
          cloner: await endpointFor(world, database, 'cloner'),
          probe:
            probe === null ? [] : await readStatementsOf(await readPackage(world, input.plan.package), probe),
          dump: folder,
          opened: openedIn(world, database),
          pgDump: world.programs.pgDump,
          environment: world.environment,
          jobs: JOBS,
          hides: hiddenColumns(policyOf(world, database).masking),
          signal: watch.signal,
          onProgress: (what, done, total) => watch.progress({ what, done, total, unit: 'tables' }),
        });
        const { fingerprint, ...rest } = captured;
        return {
          ...rest,
          dump: input.dump,
          fingerprint: { ...summarize(fingerprint), ref: await world.store.putDocument(fingerprint) },
        };
      },
    ),
    /** Makes the clone, marked as ours, and fills it. */
    restoreClone: activity(
      async (
        input: { host: string; clone: CloneRef; captured: Pick<Captured, 'dump' | 'shape'> } & MayBeClosed,
        watch: Watch,
      ): Promise<void> => {
        const { host, clone, captured } = input;
        await maintaining(world, { host, watch }, (session) =>
          createMarked(
            session,
            { nonce: clone.nonce, owner: watch.workflow, name: clone.name },
            { ...DatabaseShape.parse(captured.shape), closed: input.closed },
          ),
        );
        await restoreDump({
          endpoint: await endpointFor(world, { target: host, clone }, 'restorer'),
          dump: join(await world.store.scratch(captured.dump), 'dump'),
          pgRestore: world.programs.pgRestore,
          environment: world.environment,
          jobs: JOBS,
          signal: watch.signal,
          onProgress: (done, total) => watch.progress({ what: 'restore', done, total, unit: 'objects' }),
        });
      },
    ),
    /** Cuts what could act outward, installs One-Roof's schema, registers the clone, enters the tiers in effect. */
    openClone: activity(
      async (input: Opening & MayBeClosed, watch: Watch): Promise<{ cut: readonly string[] }> => {
        const { database, source, tiersInEffect, owner } = input;
        const { roles } = findTarget(world, database.target);
        const closed = input.closed === undefined ? undefined : database.clone?.name;
        const registration = { name: source, kind: 'clone', nonce: database.clone?.nonce ?? '' } as const;
        const settings = { ...UNLIMITED, application: 'one-roof opens clone', signal: watch.signal };
        const cut = await withSession(await endpointFor(world, database, 'restorer'), settings, (session) =>
          openClone(session, { registration, roles, tiersInEffect, closed, owner }),
        );
        return { cut };
      },
    ),
    /** The whole clone's fingerprint; tables that nobody touched since `previous` are not hashed again. */
    fingerprintClone: activity(async (input: CloneFingerprint, watch: Watch): Promise<FingerprintSummary> => {
      const previous =
        input.reuse === undefined
          ? undefined
          : Fingerprint.parse(await world.store.readDocument(input.reuse.ref));
      const settings = {
        ...UNLIMITED,
        application: 'one-roof fingerprint',
        signal: watch.signal,
        readOnly: true,
      } as const;
      const reuse =
        previous === undefined || input.reuse === undefined
          ? {}
          : { reuse: { previous, touched: input.reuse.touched } };
      const endpoint = await endpointFor(world, input.database, 'restorer');
      const fingerprint = await takeInLanes(endpoint, settings, {
        lanes: previous === undefined ? JOBS : 1, // the few tables that a tier touched are not worth a second session
        contents: 'all',
        volatile: [...input.volatile],
        hides: input.hides ?? [],
        ...reuse,
        onProgress: (done, total) => watch.progress({ what: 'fingerprint', done, total, unit: 'tables' }),
      });
      return { ...summarize(fingerprint), ref: await world.store.putDocument(fingerprint) };
    }),
    /** What differs between two fingerprints. */
    compareFingerprints: activity(async (input: FingerprintPair): Promise<Comparison> => {
      const [before, after] = await Promise.all(
        [input.before, input.after].map(async (ref) =>
          Fingerprint.parse(await world.store.readDocument(ref)),
        ),
      );
      const only = (fingerprint: Fingerprint | undefined) => restrict(fingerprint, input.tables);
      const explain = input.others === undefined ? explainFingerprints : explainBesideOthers;
      const comparison = explain(only(before), only(after));
      if (comparison.verdict === 'identical' && comparison.rows === undefined) return comparison;
      return { ...comparison, documents: { before: input.before, after: input.after } };
    }),
    /** Drops a clone of ours, by the guard of invariant 8. */
    dropClone: activity(async (input: { host: string; clone: CloneRef }, watch: Watch): Promise<void> => {
      const { host, clone } = input;
      await maintaining(world, { host, watch }, (session) =>
        dropMade(session, { nonce: clone.nonce, owner: watch.workflow, name: clone.name }),
      );
    }),
    /** Does the host answer, and is the name that the clone will be kept under free? */
    checkCloneHost: activity(
      async ({ host, keepAs }: { host: string; keepAs: string | null }, watch: Watch): Promise<void> => {
        await maintaining(world, { host, watch }, async (session) => {
          await listMade(session, watch.workflow);
          if (keepAs !== null) await verifyNameIsFree(session, keepAs);
        });
      },
    ),
    /** Gives the clone the name that it is kept under. */
    keepClone: activity(
      async (input: { host: string; clone: CloneRef; keepAs: string }, watch: Watch): Promise<void> => {
        const { host, clone, keepAs } = input;
        await maintaining(world, { host, watch }, (session) =>
          keepMade(session, { nonce: clone.nonce, owner: watch.workflow, name: clone.name }, keepAs),
        );
      },
    ),
    /** Removes a dump: production's data shall not lie about longer than the rehearsal. */
    removeDump: activity(async ({ dump }: { dump: string }): Promise<void> => {
      await world.store.removeScratch(dump);
    }),
    /** Databases of this workflow that still exist. */
    listClonesLeft: activity(async ({ host }: { host: string }, watch: Watch): Promise<readonly string[]> => {
      const made = await maintaining(world, { host, watch }, (session) => listMade(session, watch.workflow));
      return made.map((each) => each.name);
    }),
  };
}

export interface FingerprintPair {
  readonly before: string;
  readonly after: string;
  /** Of these tables alone. */
  readonly tables?: readonly string[];
  /** Rows that differ are told, and no verdict on us. */
  readonly others?: 'may write';
}

export interface CloneFingerprint {
  readonly database: DatabaseRef;
  readonly volatile: readonly VolatileColumns[];
  /** Names of sensitive columns, where the clone is not masked yet. */
  readonly hides?: readonly string[];
  readonly reuse?: { readonly ref: string; readonly touched: readonly string[] };
}

function restrict(fingerprint: Fingerprint | undefined, tables: readonly string[] | undefined): Fingerprint {
  const whole = fingerprint ?? { objects: [], contents: {}, sequences: {} };
  if (tables === undefined) return whole;
  return {
    objects: [],
    sequences: {},
    contents: Object.fromEntries(Object.entries(whole.contents).filter(([table]) => tables.includes(table))),
  };
}
