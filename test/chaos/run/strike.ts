import { pause } from '../../../src/embedded/wait';
import { SHOP } from '../shop/databases';
import { closeGate, pauseAndResume, reject, withdraw } from './commands';
import { dice } from '../world/random';
import type { Dice } from '../world/random';
import { insist } from '../world/insist';
import { childrenOf } from '../world/processes';
import { endWorkflow, recover, secondRelease } from './endings';
import type { FaultKind } from './kinds';
import { lateAttempt, lateMessage } from './late-message';
import type { FaultPlan } from './plan';
import { reached } from './reach';
import { abortWhileAsleep, killOneOfThree, sleepOfWorker } from './sleep';
import { lockOfSession, lockOfTable } from './strangers';
import { signal } from './people';
import type { Hit, Trial } from './trial';

/** What became of a planned fault: only one that struck at its point counts. */
export interface Struck {
  readonly fault: FaultPlan;
  readonly isHit: boolean;
}

/** Waits for the point, strikes there, and heals what it broke. */
export async function strike(trial: Trial, fault: FaultPlan, onHit: () => void): Promise<Struck> {
  const hit = await reached(trial, fault);
  if (hit === undefined) return { fault, isHit: false };
  if (fault.kind === 'disk full' && trial.world.smallDisk === undefined) {
    hit.held?.letGo();
    hit.done();
    return { fault, isHit: false };
  }
  onHit();
  try {
    await FAULTS[fault.kind]({ trial, fault, hit, luck: dice(fault.seed) });
  } finally {
    hit.held?.letGo(); // a session that still stands goes on; one that is gone stays so
    hit.done();
  }
  return { fault, isHit: true };
}

/** Longer than a rollback needs to meet it. */
const FULL_MS = 1_500;

export interface Blow {
  readonly trial: Trial;
  readonly fault: FaultPlan;
  readonly hit: Hit;
  readonly luck: Dice;
}

type Fault = (blow: Blow) => Promise<void>;

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  'SIGKILL of the worker': killWorker,
  'SIGKILL of the Temporal server': killTemporal,
  'SIGKILL of worker and Temporal server': killBoth,
  'SIGSTOP of the worker': sleepOfWorker,
  'SIGKILL of one of three workers': killOneOfThree,
  'immediate restart of PostgreSQL': (blow) => restartPostgres(blow, 'SIGQUIT'),
  'SIGKILL of the postmaster': (blow) => restartPostgres(blow, 'SIGKILL'),
  'SIGKILL of a backend': killBackend,
  pg_terminate_backend: terminateBackend,
  'network cut before COMMIT': cut,
  'network cut after COMMIT': cut,
  'network cut': cut,
  'message that arrives late': lateMessage,
  'attempt that comes late': lateAttempt,
  "a stranger's table lock": lockOfTable,
  "a stranger's session lock": lockOfSession,
  'disk full': fillDisk,
  'SIGKILL of pg_dump or pg_restore': killProgram,
  'terminate, then recover': recover,
  "Temporal's cancel": (blow) => endWorkflow(blow, 'cancel'),
  abort: (blow) => endWorkflow(blow, 'abort'),
  'abort while the worker sleeps': abortWhileAsleep,
  'two releases at once': secondRelease,
  'approvals doubled': (blow) => approvals(blow, 'doubled'),
  'approvals lost': loseApprovals,
  'approvals late': (blow) => approvals(blow, 'late'),
  'pause, then resume': pauseAndResume,
  'withdraw, then approve': withdraw,
  'closeGate, then approve': closeGate,
  reject,
};

/** What was on the wire at the time is lost with its sender, or arrives all the same. */
async function killWorker({ trial: { world }, hit: { held }, luck }: Blow): Promise<void> {
  await world.kill('worker');
  if (held?.when === 'before' && luck.chance(0.5)) held.cut();
  else held?.letGo();
  await world.revive();
}

async function killTemporal({ trial: { world }, hit: { held }, luck }: Blow): Promise<void> {
  await world.kill('temporal');
  held?.letGo();
  await pause(Math.floor(luck.next() * 500));
  await world.revive();
}

async function killBoth({ trial: { world }, hit: { held }, luck }: Blow): Promise<void> {
  await Promise.all([world.kill('temporal'), world.kill('worker')]);
  if (held?.when === 'before' && luck.chance(0.5)) held.cut();
  else held?.letGo();
  await world.revive();
}

async function restartPostgres(
  { trial: { world }, hit: { held } }: Blow,
  how: 'SIGQUIT' | 'SIGKILL',
): Promise<void> {
  await world.kill('postgres', how);
  held?.letGo();
  await world.revive();
}

/** The server takes one that dies like this for a crash: it throws everybody out and recovers. */
async function killBackend({ trial: { world }, hit: { held } }: Blow): Promise<void> {
  const [backend] = await world.sql('postgres', 'select pid from pg_stat_activity where client_port = $1', [
    held?.port ?? 0,
  ]);
  if (backend !== undefined) process.kill(Number(backend['pid']), 'SIGKILL');
  held?.letGo();
  await insist('the server after its crash', () => world.sql('postgres', 'select 1'));
}

async function terminateBackend({ trial: { world }, hit: { held } }: Blow): Promise<void> {
  await world.sql(
    'postgres',
    'select pg_terminate_backend(pid, 2000) from pg_stat_activity where client_port = $1',
    [held?.port ?? 0],
  );
  held?.letGo();
}

/** Somebody else fills the disk, and cleans up a moment later. */
async function fillDisk({ trial: { world }, hit: { held } }: Blow): Promise<void> {
  world.smallDisk?.fill();
  held?.letGo();
  await pause(FULL_MS);
  world.smallDisk?.free();
}

function cut({ hit: { held } }: Blow): Promise<void> {
  held?.cut();
  return Promise.resolve();
}

/** The child alone; the worker lives and hears of it. */
function killProgram({ trial: { world }, hit: { held } }: Blow): Promise<void> {
  for (const pid of childrenOf(world.pidOf('worker') ?? 0, /^pg_(dump|restore)$/))
    process.kill(pid, 'SIGKILL');
  held?.letGo();
  return Promise.resolve();
}

function approvals({ trial }: Blow, how: 'doubled' | 'late'): Promise<void> {
  trial.approvals = how;
  return Promise.resolve();
}

/** Given while no server hears: they are gone, and nobody may take them for given. */
async function loseApprovals({ trial }: Blow): Promise<void> {
  const { world, started } = trial;
  await world.kill('temporal');
  const [first] = started;
  if (first !== undefined) {
    const { digest } = first.package;
    const payload = { gate: 'target.rollout', as: 'lead-b', digest };
    const lost = signal(world, first, { act: 'approve', payload }).catch(() => undefined);
    await Promise.race([lost, pause(500)]);
  }
  await world.revive();
  await insist('the shop after it', () => world.sql(SHOP, 'select 1'));
}
