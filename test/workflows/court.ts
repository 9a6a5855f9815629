import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIGNATURE_NAMESPACE, readSigned } from '../../src/core/rules/approval-statement';
import type { RecordedAct } from '../../src/core/schema/act';
import { verifySshSignature } from '../../src/evidence/ssh-signature';
import { allowedLine, makeKey, writeAllowed } from '../support/ssh-keys';
import { recording } from './orders';
import { ToldWorld } from './told';
import type { ToldRelease } from './told';
import { ROLLOUT, audited } from './well';
import type { Told } from './well';

const GATE = {
  ...ROLLOUT,
  approvals: { dba: { need: 2, of: ['dba-a', 'dba-b', 'lead-a', 'writer', 'editor'] } },
};
const LATER = { id: 'later', before: '20_b', approvals: { dba: { need: 1, of: ['dba-b'] } } };
const PLAN = { gates: [GATE, LATER], author: 'writer', lastEditor: 'editor' };

/** A told world in which approvers have keys, and their signatures are verified as a worker does. */
export class Court {
  /** What was applied, by any release. */
  readonly applied: string[] = [];

  private constructor(
    readonly world: ToldWorld,
    readonly folder: string,
    readonly keys: { readonly a: string; readonly b: string; readonly stranger: string },
  ) {}

  static async open(): Promise<Court> {
    const world = await ToldWorld.open();
    const folder = mkdtempSync(join(tmpdir(), 'one-roof-roads-'));
    const [a = '', b = '', stranger = ''] = await Promise.all(
      ['a', 'b', 'stranger'].map((name) => makeKey(folder, name)),
    );
    writeAllowed(folder, [allowedLine('dba-a', a), allowedLine('dba-b', b)]);
    return new Court(world, folder, { a, b, stranger });
  }

  async close(): Promise<void> {
    await this.world.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A release that waits at its gate, for two of the DBAs. */
  async waiting(policy: object, verifiesSignatures: boolean): Promise<ToldRelease> {
    const audit = audited(PLAN, { abort: ['lead-a', 'dba-a'], ...policy });
    const release = await this.world.release({
      ...recording(this.applied),
      verifySignature: this.verify,
      auditOrder: async (order) => {
        const { plan, targets } = await audit(order);
        return { plan, targets: targets.map((target) => ({ ...target, verifiesSignatures })) };
      },
    });
    await release.atGate();
    return release;
  }

  private readonly verify: NonNullable<Told['verifySignature']> = async ({ signed, as }) => {
    const { statement, signature } = readSigned(signed) ?? { statement: '', signature: '' };
    const allowedSigners = join(this.folder, 'allowed_signers');
    const surroundings = { environment: { PATH: process.env['PATH'] }, signal: AbortSignal.timeout(30_000) };
    const signer = { allowedSigners, who: as, namespace: SIGNATURE_NAMESPACE };
    return { fault: await verifySshSignature({ statement, signature }, signer, surroundings) };
  };
}

/** The record of an act, once it is there: refused, for that reason. */
export async function expectRefused(release: ToldRelease, key: string, reason: string): Promise<void> {
  const act = await recordOf(release, key);
  expect(act.accepted).toBe(false);
  expect(act.reason).toContain(reason);
}

export async function recordOf(release: ToldRelease, key: string): Promise<RecordedAct> {
  return await found(() => release.acts().then((acts) => acts.findLast((act) => act.key === key)));
}

/** The act after so many. */
export async function nextAct(release: ToldRelease, earlier: number): Promise<RecordedAct> {
  return await found(() => release.acts().then((acts) => acts[earlier]));
}

async function found(look: () => Promise<RecordedAct | undefined>): Promise<RecordedAct> {
  for (;;) {
    const act = await look();
    if (act !== undefined) return act;
    await new Promise((resolve) => setTimeout(resolve, 20)); // asked again: the answer is waited for
  }
}

/** Where it stands, but for the acts and the times: what no refused act may change. */
export async function standing(release: ToldRelease): Promise<string> {
  const { stage, gates, tiers, waitingFor, paused, approving } = await release.status();
  return JSON.stringify({ stage, gates, tiers, waitingFor, paused, approving });
}

export function freshKey(): string {
  return `key-${Math.random().toString(36).slice(2)}`;
}
