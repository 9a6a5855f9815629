import { watch } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Held, Match } from '../wire/relay';
import { untilInHistory } from '../world/history';
import { statusOf } from './people';
import type { FaultPlan } from './plan';
import type { Reach } from './point';
import { firstOf } from './trial';
import type { Hit, Trial } from './trial';

/** Waits until the point is reached; undefined where the run ends without. */
export async function reached(trial: Trial, fault: FaultPlan): Promise<(Hit & { done(): void }) | undefined> {
  const { reach } = fault.point;
  if (reach.by === 'wire') return await onTheWire(trial, reach, fault.tier);
  if (reach.by === 'people') return await amongPeople(trial, reach.moment);
  const isThere =
    reach.by === 'history'
      ? untilInHistory(trial.world, (await firstOf(trial)).id, {
          step: reach.step,
          signal: trial.over.signal,
        })
      : evidenceWritten(trial);
  return (await isThere) ? { held: undefined, done: () => undefined } : undefined;
}

async function onTheWire(
  trial: Trial,
  reach: Extract<Reach, { by: 'wire' }>,
  tier: string,
): Promise<{ held: Held; done: () => void } | undefined> {
  const match: Match = reach.inTier
    ? { ...reach.match, application: new RegExp(`${reach.match.application.source}${tier}$`) }
    : reach.match;
  const watching = trial.world.wire.watch(match, () => isAtStage(trial, reach.stage));
  const over = new Promise<undefined>((resolve) => {
    if (trial.over.signal.aborted) resolve(undefined);
    trial.over.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const held = await Promise.race([watching.held, over]);
  watching.end();
  return held === undefined ? undefined : { held, done: () => undefined };
}

async function isAtStage(trial: Trial, stage: RegExp | undefined): Promise<boolean> {
  if (stage === undefined) return true;
  const statuses = await Promise.all(trial.started.map((each) => statusOf(trial.world, each)));
  return statuses.some((status) => status !== undefined && stage.test(status.stage));
}

async function amongPeople(
  trial: Trial,
  moment: string,
): Promise<{ held: undefined; done: () => void } | undefined> {
  if (trial.over.signal.aborted) return undefined; // it ended while an earlier fault was healed
  return await new Promise((resolve) => {
    trial.moments.set(moment, (done) => resolve({ held: undefined, done }));
    trial.over.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** The envelope is in its folder; the worker has not told so yet, or just now. */
async function evidenceWritten(trial: Trial): Promise<boolean> {
  const folder = join(trial.world.addresses.store, 'evidence');
  mkdirSync(folder, { recursive: true });
  const { id } = await firstOf(trial);
  if (trial.over.signal.aborted) return false; // it ended while an earlier fault was healed
  return await new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || name.startsWith('.') || !name.includes(`.${id}.`)) return;
      watcher.close();
      resolve(true);
    });
    trial.over.signal.addEventListener(
      'abort',
      () => {
        watcher.close();
        resolve(false);
      },
      { once: true },
    );
  });
}
