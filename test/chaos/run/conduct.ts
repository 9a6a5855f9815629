import { SHOP, freshShop, pgDump } from '../shop/databases';
import { insist } from '../world/insist';
import type { World } from '../world/world';
import { check, readDatabases } from './check';
import type { Ended } from './check';
import { follow } from './follow';
import { start, statusOf } from './people';
import type { RunPlan } from './plan';
import { REHEARSAL_ORDER, RELEASE_ORDER } from './stocked';
import type { Stocked } from './stocked';
import { strike } from './strike';
import type { Struck } from './strike';
import type { Trial } from './trial';
import { outcomesOf } from './expectation';

/** What came of a run. */
export interface RunResult {
  readonly plan: RunPlan;
  readonly struck: readonly Struck[];
  readonly ended: readonly Ended[];
  readonly violations: readonly string[];
  readonly notes: readonly string[];
  readonly ms: number;
}

const RUN_LIMIT_MS = 180_000;

/** One run: a fresh target, the workflow, the faults at their points, and the checker's questions at the end. */
export async function conduct(world: World, stocked: Stocked, plan: RunPlan): Promise<RunResult> {
  const began = Date.now();
  await world.revive();
  await freshShop(world, plan.scenario.stock);
  const databases = await readDatabases(world);
  const trial = await newTrial(world, stocked, plan);
  const striking = strikeAll(trial);
  const isRehearsal = plan.scenario.name === 'rehearsal';
  const wanted = isRehearsal
    ? { package: stocked.two, order: REHEARSAL_ORDER }
    : { package: stocked.two, order: RELEASE_ORDER };
  trial.started.push(await start(world, isRehearsal ? 'rehearsal' : 'release', wanted));
  const hasEnded = await follow(trial, striking.isBusy, RUN_LIMIT_MS);
  if (!hasEnded)
    trial.violations.push(`it has not ended within ${RUN_LIMIT_MS / 1000} s: ${await standing(trial)}`);
  trial.over.abort();
  const struck = hasEnded ? await striking.all : [];
  const ended = hasEnded ? await judged(trial, databases) : [];
  if (!hasEnded) await endAll(trial);
  return { plan, struck, ended, violations: trial.violations, notes: trial.notes, ms: Date.now() - began };
}

async function newTrial(world: World, stocked: Stocked, plan: RunPlan): Promise<Trial> {
  return {
    ...{ world, stocked, plan },
    before: await insist('a dump of the target', () => pgDump(world)),
    over: new AbortController(),
    started: [],
    approvals: 'plain',
    terminated: new Set(),
    strangerHeld: [],
    violations: [],
    notes: [],
    moments: new Map(),
  };
}

/** One after the other: the second waits for its point when the first has been healed. */
function strikeAll(trial: Trial): {
  readonly all: Promise<readonly Struck[]>;
  readonly isBusy: () => boolean;
} {
  let busy = 0;
  const work = async (): Promise<readonly Struck[]> => {
    const struck: Struck[] = [];
    for (const fault of trial.plan.faults) {
      const before = busy;
      struck.push(await strike(trial, fault, () => (busy += 1)));
      busy = before;
    }
    return struck;
  };
  return { all: work(), isBusy: () => busy > 0 };
}

async function judged(
  trial: Trial,
  databases: Awaited<ReturnType<typeof readDatabases>>,
): Promise<readonly Ended[]> {
  await trial.world.revive();
  await insist('the target after it', () => trial.world.sql(SHOP, 'select 1'));
  const ended = await check(trial, databases);
  for (const [index, { started, outcome, error }] of ended.entries()) {
    const allowed = outcomesOf(trial, index);
    if (!allowed.includes(outcome))
      trial.violations.push(
        `${started.id} ended as ${outcome} (${error}), which is not ${allowed.join(' or ')}`,
      );
  }
  return ended;
}

async function standing(trial: Trial): Promise<string> {
  const statuses = await Promise.all(trial.started.map((each) => statusOf(trial.world, each)));
  return statuses
    .map((status) =>
      status === undefined
        ? 'no answer'
        : `${status.stage}, waits for ${status.waitingFor.join('; ') || 'nothing'}`,
    )
    .join(' | ')
    .slice(0, 300);
}

/** The next run shall not meet this one. */
async function endAll({ world, started }: Trial): Promise<void> {
  await world.revive();
  for (const { id } of started)
    await world.temporal.workflow
      .getHandle(id)
      .terminate('chaos: the run is over')
      .catch(() => undefined);
  await world.kill('worker');
  await world.revive();
}
