import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { ReleaseError } from '../core/rules/release-error';
import type { CloneRef } from '../core/schema/database-ref';
import type { GoldenRecord, KeptClone, Snapshot } from '../core/schema/golden';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { readStatementsOf } from '../package/package';
import { captureSource } from '../postgres/clone/capture';
import { createMarked } from '../postgres/clone/create';
import { dropMade, findMade } from '../postgres/clone/drop';
import { readMarker } from '../postgres/clone/marker';
import { openClone } from '../postgres/clone/open';
import { listMade } from '../postgres/clone/registry';
import { restoreDump } from '../postgres/clone/restore';
import { DatabaseShape } from '../postgres/clone/shape';
import { summarize } from '../postgres/fingerprint/summary';
import { readKept } from '../postgres/golden/kept';
import { enterGolden, findGolden, goldenOf, retireGolden } from '../postgres/golden/registry';
import { swapGolden, verifyUnused } from '../postgres/golden/swap';
import { withSession } from '../postgres/session';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { JOBS, UNLIMITED, maintaining } from './maintaining';
import { reading } from './reading';
import { describe, endpointFor, findTarget, openedIn, readPackage } from './world';
import type { World } from './world';

/** A golden by its name on a clone host. */
export interface GoldenRef {
  readonly host: string;
  readonly name: string;
}

/** A golden as it stands: which database it is, and what it must be. */
export interface Standing {
  readonly clone: CloneRef;
  readonly record: GoldenRecord;
  /** Is there a database of that name, and does it bear the golden's marker? */
  readonly is: 'ours' | 'not ours' | 'missing';
}

/** A kept clone; `record`: what it is held to if it is a golden already. */
export interface Kept {
  readonly clone: CloneRef;
  readonly kept: KeptClone;
  readonly record: GoldenRecord | null;
}

type Taken = Pick<GoldenRecord, 'snapshot' | 'baseline' | 'fingerprint' | 'tiersInEffect' | 'shape'>;

/** What snapshots, restores, swaps and retires goldens. */
export function goldenActivities(world: World) {
  return {
    /** Kind and queue of a target. */
    describeTarget: activity(({ target }: { target: string }): Promise<TargetDescription> =>
      Promise.resolve(describe(world, target)),
    ),
    /** A database that we made and kept, and what it tells of its making; of a golden what is recorded. */
    readKeptClone: activity(async ({ host, name }: GoldenRef, watch: Watch): Promise<Kept> => {
      const { nonce, golden } = await maintaining(world, { host, watch }, async (session) => {
        const made = await findMade(session, name);
        if ((await readMarker(session, name))?.ours?.nonce === made.nonce)
          return { nonce: made.nonce, golden: await findGolden(session, name) };
        throw new ReleaseError('CLONE_NOT_OURS', `database ${name} bears no marker of ours`);
      });
      const clone = { name, nonce };
      if (golden !== undefined) return { clone, kept: golden.record, record: golden.record };
      const reader = { database: { target: host, clone }, role: 'reader', watch } as const;
      const { value: kept } = await reading(world, reader, (session) => readKept(session, name));
      const evidence = await world.evidence.ofPackage(kept.package.digest);
      const found = evidence.find(({ outcome }) => outcome.id === kept.rehearsal);
      return { clone, kept: { ...kept, evidence: found?.digest ?? null }, record: null };
    }),
    /** Dump, fingerprint, probe and shape of one moment; the dump's bytes are known by a digest from now on. */
    takeSnapshot: activity(
      async (
        input: { host: string; clone: CloneRef; plan: ReleasePlan; place: string },
        watch: Watch,
      ): Promise<Taken> => {
        const { host, clone, plan, place } = input;
        const database = { target: host, clone };
        const folder = await world.store.scratch(place);
        await rm(join(folder, 'dump'), { recursive: true, force: true }); // what a dead attempt left
        const captured = await captureSource({
          reader: await endpointFor(world, database, 'reader'),
          cloner: await endpointFor(world, database, 'restorer'),
          probe:
            plan.probe === null
              ? []
              : await readStatementsOf(await readPackage(world, plan.package), plan.probe),
          dump: join(folder, 'dump'),
          opened: openedIn(world, database),
          pgDump: world.programs.pgDump,
          environment: world.environment,
          jobs: JOBS,
          signal: watch.signal,
          onProgress: (what, done, total) => watch.progress({ what, done, total, unit: 'tables' }),
        });
        const { fingerprint, shape, baseline, tiersInEffect } = captured;
        const snapshot: Snapshot = {
          place,
          ...(await world.store.sealSnapshot(place)),
          takenAt: new Date().toISOString(),
        };
        return {
          snapshot,
          baseline,
          tiersInEffect: [...tiersInEffect],
          shape,
          fingerprint: { ...summarize(fingerprint), ref: await world.store.putDocument(fingerprint) },
        };
      },
    ),
    /** From now on it is a golden. */
    enterGolden: activity(
      async (input: { host: string; clone: CloneRef; record: GoldenRecord }, watch: Watch): Promise<void> => {
        const { host, clone, record } = input;
        await maintaining(world, { host, watch }, (session) =>
          enterGolden(session, { ...clone, record, owner: watch.workflow }),
        );
      },
    ),
    /** The golden of a name. @throws GOLDEN_UNKNOWN */
    findGolden: activity(({ host, name }: GoldenRef, watch: Watch): Promise<Standing> =>
      maintaining(world, { host, watch }, async (session) => {
        const { nonce, record } = await goldenOf(session, name);
        const found = await readMarker(session, name);
        const is = found === undefined ? 'missing' : found.ours?.nonce === nonce ? 'ours' : 'not ours';
        return { clone: { name, nonce }, record, is };
      }),
    ),
    /** Reads every byte of a snapshot. @returns what is not as it was recorded, in words */
    checkSnapshot: activity(
      async (snapshot: Pick<Snapshot, 'place' | 'digest'>): Promise<readonly string[]> => {
        return (await world.store.checkSnapshot(snapshot.place, snapshot.digest)).differences;
      },
    ),
    /** What a terminated reset left: every database that was made for this golden and is not it. Nobody may be in the golden itself. */
    prepareReset: activity(
      ({ host, name, force }: GoldenRef & { force: boolean }, watch: Watch): Promise<readonly string[]> =>
        maintaining(world, { host, watch }, async (session) => {
          const { nonce } = await goldenOf(session, name);
          if (!force) await verifyUnused(session, name);
          const left = (await listMade(session, watch.workflow)).filter((made) => made.nonce !== nonce);
          for (const made of left) await dropMade(session, made);
          return left.map((made) => made.name);
        }),
    ),
    /** A new database, made of the snapshot and of nothing else. @throws SNAPSHOT_CHANGED before anything is made */
    restoreGolden: activity(
      async (input: { host: string; clone: CloneRef; record: GoldenRecord }, watch: Watch): Promise<void> => {
        const { host, clone, record } = input;
        const { place, digest } = record.snapshot;
        const { dump, differences } = await world.store.checkSnapshot(place, digest);
        if (differences.length > 0)
          throw new ReleaseError('SNAPSHOT_CHANGED', `snapshot ${digest}: ${differences.join('; ')}`);
        await maintaining(world, { host, watch }, (session) =>
          createMarked(session, { ...clone, owner: watch.workflow }, DatabaseShape.parse(record.shape)),
        );
        const endpoint = await endpointFor(world, { target: host, clone }, 'restorer');
        await restoreDump({
          endpoint,
          dump,
          pgRestore: world.programs.pgRestore,
          environment: world.environment,
          jobs: JOBS,
          signal: watch.signal,
          onProgress: (done, total) => watch.progress({ what: 'restore', done, total, unit: 'objects' }),
        });
        const settings = { ...UNLIMITED, application: 'one-roof opens clone', signal: watch.signal };
        await withSession(endpoint, settings, (session) =>
          openClone(session, {
            registration: { name: record.source, kind: 'clone', nonce: clone.nonce },
            roles: findTarget(world, host).roles,
            tiersInEffect: record.tiersInEffect,
          }),
        );
      },
    ),
    /** Puts a restored database in the golden's place. @returns the name under which the old one waits for its drop */
    swapGolden: activity(
      (
        input: GoldenRef & { old: CloneRef; fresh: CloneRef; force: boolean },
        watch: Watch,
      ): Promise<string> =>
        maintaining(world, { host: input.host, watch }, (session) => swapGolden(session, input)),
    ),
    /** From now on it is a golden no more, and may be dropped. */
    retireGolden: activity(
      ({ host, name, force }: GoldenRef & { force: boolean }, watch: Watch): Promise<Omit<Standing, 'is'>> =>
        maintaining(world, { host, watch }, async (session) => {
          if (!force) await verifyUnused(session, name);
          const { nonce, record } = await retireGolden(session, name);
          return { clone: { name, nonce }, record };
        }),
    ),
  };
}
