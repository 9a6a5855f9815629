import { pause, waitUntil } from '../../../src/embedded/wait';
import { startSpareWorker } from '../world/spare-worker';
import { endWorkflow } from './endings';
import { standingOf } from './people';
import type { Blow } from './strike';

/** Longer than the heartbeat time-out of ten seconds: the attempt is given up while its worker knows nothing of it. */
const SLEEP_MS = 12_500;
const ZOMBIE_MS = 2_000;
const END_LIMIT_MS = 130_000;

/** Another worker goes on; then the first one wakes in the midst of what it was doing. */
export async function sleepOfWorker(blow: Blow): Promise<void> {
  await asleep(blow, () => pause(SLEEP_MS));
}

/** The release is aborted and compensated by another worker; then the first one wakes and goes on applying. */
export async function abortWhileAsleep(blow: Blow): Promise<void> {
  const { trial } = blow;
  await asleep(blow, async () => {
    await endWorkflow({ ...blow, hit: { held: undefined } }, 'abort');
    const [first] = trial.started;
    const hasEnded = async (): Promise<boolean> =>
      first === undefined || (await standingOf(trial.world, first)) !== 'RUNNING';
    await waitUntil(hasEnded, END_LIMIT_MS);
    await trial.world.kill('temporal'); // nobody tells the sleeper that it has been given up
  });
}

/** The two others take over what the first one had in hand. */
export async function killOneOfThree({ trial: { world }, hit: { held } }: Blow): Promise<void> {
  const spares = [await startSpareWorker(world), await startSpareWorker(world)];
  try {
    await world.kill('worker');
    held?.letGo();
    await pause(SLEEP_MS); // its heartbeat is missed, and another one begins the next attempt
    await world.revive();
  } finally {
    for (const spare of spares) await spare.end();
  }
}

async function asleep(
  { trial: { world }, hit: { held } }: Blow,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const pid = world.pidOf('worker');
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  const spare = await startSpareWorker(world);
  try {
    await meanwhile();
  } finally {
    process.kill(pid, 'SIGCONT');
    held?.letGo();
    await pause(ZOMBIE_MS); // what it still wants to do, it does now
    await world.revive();
    await spare.end();
  }
}
