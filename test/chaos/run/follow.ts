import type { Status } from '../../../src/core/schema/outcome';
import { pause } from '../../../src/embedded/wait';
import { SHOP, pgDump } from '../shop/databases';
import { OPEN_GATE } from '../shop/files';
import { insist } from '../world/insist';
import {
  actsOf,
  approversMissing,
  isAtGate,
  isHolding,
  newKey,
  signal,
  standingOf,
  statusOf,
} from './people';
import type { Started } from './people';
import { come } from './trial';
import type { Trial } from './trial';

const LOOK_EVERY_MS = 80;
/** How long an approval may take to show before it is given again. */
const GIVE_AGAIN_MS = 2_500;

/** What people have done about one workflow. */
interface Attended {
  readonly started: Started;
  readonly given: Map<string, number>;
  isGateSeen: boolean;
  isDecided: number;
}

/** Does what people do, for everything that was started, until all of it has ended. @returns false where it takes too long */
export async function follow(trial: Trial, isStriking: () => boolean, limitMs: number): Promise<boolean> {
  const attended = new Map<string, Attended>();
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const wasStriking = isStriking(); // what a strike starts is on the list when it ends
    let isRunning = false;
    for (const started of [...trial.started]) {
      if ((await standingOf(trial.world, started)) !== 'RUNNING') continue;
      isRunning = true;
      const known = attended.get(started.id) ?? {
        started,
        given: new Map(),
        isGateSeen: false,
        isDecided: 0,
      };
      attended.set(started.id, known);
      await attend(trial, known);
    }
    if (!isRunning && !wasStriking) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

async function attend(trial: Trial, known: Attended): Promise<void> {
  const status = await statusOf(trial.world, known.started);
  if (status === undefined) return;
  if (known.started.kind === 'release' && isAtGate(status)) await attendGate(trial, known, status);
  if (isHolding(status) && Date.now() - known.isDecided > GIVE_AGAIN_MS) await decide(trial, known, status);
}

/** A person must act, and the status says so: whatever failed is mended by now, so it is done again. */
async function decide(trial: Trial, known: Attended, status: Status): Promise<void> {
  if (known.isDecided === 0)
    trial.notes.push(`held for a person: ${status.waitingFor.join('; ').slice(0, 200)}`);
  if (status.choices.length === 0) trial.violations.push('it holds for a person and names no choice');
  known.isDecided = Date.now();
  await signal(trial.world, known.started, {
    act: 'decide',
    payload: { as: 'lead-b', choice: 'retry' },
  }).catch(
    () => undefined, // lost with its server: decided again
  );
}

async function attendGate(trial: Trial, known: Attended, status: Status): Promise<void> {
  const isFirst = known.started === trial.started[0];
  if (!known.isGateSeen) {
    known.isGateSeen = true;
    if (isFirst) await verifyUntouched(trial, known.started);
    if (isFirst) await come(trial, 'waiting');
    if (trial.approvals === 'late') await trial.world.sql(SHOP, 'delete from shop_gate');
  }
  const missing = approversMissing(status).filter(
    ({ gate, as }) => Date.now() - (known.given.get(`${gate} ${as}`) ?? 0) > GIVE_AGAIN_MS,
  );
  for (const [index, { gate, as }] of missing.entries()) {
    known.given.set(`${gate} ${as}`, Date.now());
    await approve(trial, known.started, { gate, as });
    if (isFirst) await come(trial, index + 1 < missing.length ? 'one approval' : 'approved');
  }
  if (missing.length > 0 && trial.approvals === 'late') await openLate(trial, known.started);
}

async function approve(trial: Trial, started: Started, who: { gate: string; as: string }): Promise<void> {
  const payload = { ...who, digest: started.package.digest, key: newKey() };
  const give = (more: Readonly<Record<string, string>>): Promise<void> =>
    signal(trial.world, started, { act: 'approve', payload: { ...payload, ...more } }).catch(() => undefined);
  await give({});
  if (trial.approvals !== 'doubled') return;
  await give({});
  await give({ key: newKey() });
}

/** People have approved and the hard gate is closed: nothing may move before the application opens it. */
async function openLate(trial: Trial, started: Started): Promise<void> {
  await pause(1_200);
  await verifyUntouched(trial, started);
  trial.approvals = 'plain';
  await insist('the gate opened', () => trial.world.sql(SHOP, OPEN_GATE));
}

/** Nothing before the gate: the target is as it was, and no ledger row is there. */
async function verifyUntouched(trial: Trial, { id }: Started): Promise<void> {
  const rows = await insist('a look before the gate', () =>
    trial.world.sql(SHOP, `select id from one_roof.release where id = $1`, [id]),
  );
  if (rows.length > 0) trial.violations.push('a release was entered before its gate opened');
  const now = await insist('a dump before the gate', () => pgDump(trial.world));
  const gate = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== 't');
  if (JSON.stringify(gate(now)) !== JSON.stringify(gate(trial.before)))
    trial.violations.push('the target changed before the gate opened');
}

/** Each approval counts once, however often it came. */
export async function verifyApprovals(trial: Trial): Promise<void> {
  const [first] = trial.started;
  if (first === undefined || trial.plan.faults.every(({ kind }) => kind !== 'approvals doubled')) return;
  const accepted = (await actsOf(trial.world, first)).filter(
    ({ act, accepted: yes }) => act === 'approve' && yes,
  );
  const keys = new Set(accepted.map(({ key }) => key));
  if (keys.size !== accepted.length) trial.violations.push('an approval was recorded twice under one key');
}
