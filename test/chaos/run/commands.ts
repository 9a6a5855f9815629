import { pause } from '../../../src/embedded/wait';
import { insist } from '../world/insist';
import { signal, standingOf, statusOf } from './people';
import type { Started } from './people';
import type { Blow } from './strike';
import type { Trial } from './trial';

/** Longer than two batches, shorter than anybody's patience. */
const PAUSE_MS = 1_500;
const CONTROLLER = 'lead-b';

/** A person halts the release, thinks, and lets it go on. The pause may be lost with its server: then there is none. */
export async function pauseAndResume({ trial, hit: { held } }: Blow): Promise<void> {
  const [first] = trial.started;
  if (first === undefined) return;
  await signal(trial.world, first, { act: 'pause', payload: { as: CONTROLLER } }).catch(() => undefined);
  held?.letGo();
  await pause(PAUSE_MS);
  await insist('the release goes on', async () => {
    if ((await standingOf(trial.world, first)) !== 'RUNNING') return;
    await signal(trial.world, first, { act: 'resume', payload: { as: CONTROLLER } });
    const status = await statusOf(trial.world, first);
    if (status === undefined || status.paused) throw new Error('it is still paused');
  });
}

/** Who has approved takes it back; the gate must ask again. */
export async function withdraw({ trial }: Blow): Promise<void> {
  await atTheGate(trial, async (first) => {
    const status = await statusOf(trial.world, first);
    const given = status?.gates.flatMap((gate) =>
      gate.approvals.flatMap(({ have }) => have.map((as) => ({ gate: gate.id, as }))),
    )[0];
    if (given === undefined) return; // it has not been read yet, or is lost
    const payload = { ...given, digest: first.package.digest };
    await signal(trial.world, first, { act: 'withdraw', payload });
  });
}

/** A person closes the gate: all approvals that were given are void. */
export async function closeGate({ trial }: Blow): Promise<void> {
  await atTheGate(trial, (first) =>
    signal(trial.world, first, { act: 'closeGate', payload: { as: CONTROLLER } }),
  );
}

/** An approver says no, and that is the end. */
export async function reject({ trial }: Blow): Promise<void> {
  await atTheGate(trial, async (first) => {
    const [gate] = (await statusOf(trial.world, first))?.gates ?? [];
    if (gate === undefined) return;
    const payload = { gate: gate.id, as: CONTROLLER, digest: first.package.digest };
    await signal(trial.world, first, { act: 'reject', payload });
  });
}

async function atTheGate({ started }: Trial, work: (first: Started) => Promise<void>): Promise<void> {
  const [first] = started;
  if (first !== undefined) await work(first).catch(() => undefined); // lost with its server, as it may be
}
