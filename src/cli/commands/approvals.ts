import { z } from 'zod';
import { carryOutAct, freshKey, subject } from '../acting';
import { command } from '../command';
import type { Command } from '../command';
import { Key, Name, Reason, Reference, Sha256, Yes } from '../input';
import type { ListedWorkflow } from '../../client/listing';

type ApprovalAct = 'approve' | 'openGate' | 'reject' | 'withdraw';

const CLAIMED = 'Your name is only claimed: nothing proves here that it is you.';

const OPTIONS = [
  ['--gate <gate>', '!the gate, as `one-roof status` names it'],
  ['--digest <digest>', '!the 64 digits of the package that you have read'],
  ['--as <who>', '!who you are; it is only claimed'],
  ['--reason <text>', '!why'],
  ['--key <key>', 'the key of this act; the same key counts once'],
  ['--yes', 'agree to the consequences, which are shown'],
] as const;

const Approval = z.object({
  id: Reference,
  gate: Name,
  digest: Sha256,
  as: Name,
  reason: Reason,
  key: Key.default(freshKey),
  yes: Yes,
});

/** Approves exactly these bytes at a gate. */
export const approve = approvalCommand({
  act: 'approve',
  name: 'approve',
  summary: 'approve exactly these bytes at a gate of a release',
  consequence: 'Once every group has its quorum and the hard gate is open, the tiers behind it are applied.',
});

/** The same act by the road that every Temporal client has. */
export const openGate = approvalCommand({
  act: 'openGate',
  name: 'open-gate',
  summary: 'the same as approve, by the signal openGate',
  consequence: 'It is an approval like any other, and does not open the gate by itself.',
  hidden: true,
});

/** Says no. */
export const reject = approvalCommand({
  act: 'reject',
  name: 'reject',
  summary: 'reject a release at its gate: it ends',
  consequence: 'The release ends as rejected; what it has applied is rolled back. This cannot be taken back.',
});

/** Takes an approval back. */
export const withdraw = approvalCommand({
  act: 'withdraw',
  name: 'withdraw',
  summary: 'take back your approval of a gate that has not been passed',
  consequence: 'Your approval no longer counts; the gate waits for another one.',
});

interface ApprovalText {
  readonly act: ApprovalAct;
  readonly name: string;
  readonly summary: string;
  readonly consequence: string;
  readonly hidden?: true;
}

function approvalCommand({ act, name, summary, consequence, ...visibility }: ApprovalText): Command {
  const line = `${name} 7k3f9q --gate rollout --digest 0f3c… --as dba-a --reason "rehearsal read"`;
  return command({
    name,
    summary,
    arguments: [['<id>', 'id or short id of the release']],
    options: OPTIONS,
    examples: [[line, 'asks on a terminal; needs --yes without one']],
    exits: { 0: 'accepted', 3: 'stored, not yet answered', 4: 'refused, and why' },
    input: Approval,
    run: (context, { id, yes, ...payload }) =>
      carryOutAct(context, {
        id,
        kinds: ['release'],
        act: { act, payload },
        agreed: yes,
        consequences: (found) => [
          subject(found),
          `${act} at gate ${payload.gate}, as ${payload.as}, of digest ${payload.digest}`,
          ...otherBytes(found, payload.digest),
          consequence,
          CLAIMED,
        ],
      }),
    ...visibility,
  });
}

/** The workflow refuses and records such an act; whoever is about to send it should know before. */
function otherBytes({ digest: carried }: ListedWorkflow, digest: string): readonly string[] {
  if (carried === null || carried === digest) return [];
  return [`! The release carries other bytes: ${carried}. This act will be refused, and recorded.`];
}
