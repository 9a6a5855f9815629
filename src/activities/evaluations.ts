import { z } from 'zod';
import { compareEnds } from '../core/rules/evaluation/compare-ends';
import type { CloneSpan } from '../core/rules/evaluation/compare-ends';
import { holdingLocks } from '../core/rules/tier-locks';
import { StatementMeasure } from '../core/schema/attempt';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { CheckAnswer } from '../core/schema/evaluated-rehearsal';
import type { EndsCompared, ScopeLock } from '../core/schema/evaluation';
import { Fingerprint } from '../core/schema/fingerprint';
import type { PlannedFile, ReleasePlan } from '../core/schema/plan';
import { checkBranchesOf } from '../package/package';
import { answerChecks } from '../postgres/check-answers';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { reading } from './reading';
import { readPackage } from './world';
import type { World } from './world';

export interface CheckFilesAsked {
  readonly database: DatabaseRef;
  readonly plan: Pick<ReleasePlan, 'package'>;
  readonly files: readonly PlannedFile[];
}

/** What applications read and write by name. */
const RELATIONS = new Set(['table', 'view', 'materialized view', 'foreign table']);

/** A clone's fingerprints in the store, before its first tier and after its last. */
export interface SpanRef {
  readonly entry: string;
  readonly end: string;
}

/** What a scope evaluation needs to know besides its rehearsals. */
export function evaluationActivities(world: World) {
  return {
    /** The checks of files, each asked by itself. */
    answerChecks: activity(
      async (input: CheckFilesAsked, watch: Watch): Promise<{ answers: readonly CheckAnswer[] }> => {
        const pkg = await readPackage(world, input.plan.package);
        const branches = await Promise.all(
          input.files.map(async (file) =>
            (await checkBranchesOf(pkg, file)).map((branch) => ({ file: file.path, ...branch })),
          ),
        );
        const reader = { database: input.database, watch, role: 'reader' } as const;
        const read = await reading(world, reader, (session) => answerChecks(session, branches.flat()));
        return { answers: read.value };
      },
    ),
    /** Do two ways lead to the same end? */
    compareEnds: activity(
      async (input: {
        one: SpanRef;
        other: SpanRef;
      }): Promise<Pick<EndsCompared, 'comparison' | 'excused'>> =>
        compareEnds(await spanOf(world, input.one), await spanOf(world, input.other)),
    ),
    /** The locks by which tiers hold up readers or writers of what was there at `entry`, a document in the store. */
    readHoldingLocks: activity(
      async (input: {
        entry: string;
        tiers: readonly { tier: string; measures: string }[];
      }): Promise<{ locks: readonly ScopeLock[] }> => {
        const { objects } = Fingerprint.parse(await world.store.readDocument(input.entry));
        const there = new Set(objects.filter(({ kind }) => RELATIONS.has(kind)).map(({ name }) => name));
        const locks = await Promise.all(
          input.tiers.map(async ({ tier, measures }) => {
            const read = z.array(StatementMeasure).parse(await world.store.readDocument(measures));
            return holdingLocks(read, there).map((lock) => ({ tier, ...lock }));
          }),
        );
        return { locks: locks.flat() };
      },
    ),
  };
}

async function spanOf(world: World, { entry, end }: SpanRef): Promise<CloneSpan> {
  const [first, last] = await Promise.all(
    [entry, end].map(async (ref) => Fingerprint.parse(await world.store.readDocument(ref))),
  );
  const nothing = { objects: [], contents: {}, sequences: {} };
  return { entry: first ?? nothing, end: last ?? nothing };
}
