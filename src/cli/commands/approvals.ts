import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import type { ListedWorkflow } from '../../client/listing';
import { resolveReference } from '../../client/reference';
import { carryOutAct, freshKey, subject } from '../acting';
import { isSigned, readStatement, signedAct, statementOfAct, writeStatement } from '../approval-file';
import type { ApprovalAct } from '../approval-file';
import { command } from '../command';
import type { Command, CommandContext, CommandResult } from '../command';
import { EXIT_CODES } from '../exit-codes';
import { Key, Name, Reason, Reference, Sha256, Yes } from '../input';
import { withServer } from '../server-choice';

const CLAIMED = 'Your name is only claimed: nothing proves here that it is you.';

const OPTIONS = [
  ['--gate <gate>', 'the gate, as `one-roof status` names it'],
  ['--digest <digest>', 'the 64 digits of the package that you have read'],
  ['--as <who>', 'who you are; it is only claimed where you do not sign'],
  ['--reason <text>', 'why'],
  ['--key <key>', 'the key of this act; the same key counts once'],
  ['--sign <key>', 'sign with this SSH key; a public one where ssh-agent holds the private one'],
  ['--write <file>', 'do not send it: write what is to be signed, for a machine without Temporal'],
  ['--file <file>', 'send what was written and signed; it holds all of the act but the signature'],
  ['--signature <file>', 'the signature of that file, where it is not beside it with `.sig`'],
  ['--yes', 'agree to the consequences, which are shown'],
] as const;

const Given = z.object({
  gate: Name,
  digest: Sha256,
  as: Name,
  reason: Reason,
});

const Approval = z
  .object({
    id: Reference.optional(),
    ...Given.partial().shape,
    key: Key.optional(),
    sign: z.string().min(1).optional(),
    write: z.string().min(1).optional(),
    file: z.string().min(1).optional(),
    signature: z.string().min(1).optional(),
    yes: Yes,
  })
  .superRefine((given, context) => {
    const needed = given.file === undefined ? (['id', 'gate', 'digest', 'as', 'reason'] as const) : [];
    for (const key of needed)
      if (given[key] === undefined)
        context.addIssue({ code: 'custom', path: [key], message: 'must be given' });
    const barred =
      given.file === undefined
        ? (['signature'] as const)
        : (['gate', 'digest', 'as', 'reason', 'key', 'sign', 'write'] as const);
    for (const key of barred)
      if (given[key] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [key],
          message: given.file === undefined ? 'it goes with `--file`' : 'the file says it',
        });
    if (given.sign !== undefined && given.write !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['write'],
        message: 'it is signed elsewhere: leave `--sign` out',
      });
  });
type Approval = z.infer<typeof Approval>;

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
  readonly act: ApprovalAct['act'];
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
    arguments: [['[id]', 'id or short id of the release; a file names it itself']],
    options: OPTIONS,
    examples: [
      [line, 'asks on a terminal; needs --yes without one'],
      [`${line} --sign ~/.ssh/id_ed25519`, 'signed, where the target asks for it'],
      [`${name} --file approval.json`, 'what somebody wrote with --write and signed elsewhere'],
    ],
    exits: { 0: 'accepted; or written', 3: 'stored, not yet answered', 4: 'refused, and why' },
    input: Approval,
    run: async (context, given) => {
      const { id, act: asked } = await askedOf(context, act, given);
      return given.write === undefined
        ? await send(context, { id, act: asked, given, consequence })
        : await write(context, { id, act: asked, file: given.write });
    },
    ...visibility,
  });
}

interface Sending {
  readonly id: string;
  readonly act: ApprovalAct;
  readonly given: Approval;
  readonly consequence: string;
}

/** Signed first, where a key is given. */
async function send(
  context: CommandContext,
  { id, act, given, consequence }: Sending,
): Promise<CommandResult> {
  const { sign: key, yes } = given;
  const { environment } = context;
  const { gate, as, digest } = act.payload;
  const isProven = key !== undefined || isSigned(act);
  const sign =
    key === undefined
      ? {}
      : {
          sign: (temporal: Temporal, release: string) =>
            signedAct(temporal, { id: release, act, key, environment }),
        };
  return await carryOutAct(context, {
    id,
    kinds: ['release'],
    act,
    agreed: yes,
    ...sign,
    consequences: (found) => [
      subject(found),
      `${act.act} at gate ${gate}, as ${as}, of digest ${digest}`,
      ...otherBytes(found, digest),
      consequence,
      ...(isProven ? [] : [CLAIMED]),
    ],
  });
}

/** The act, from the options or from a file. */
async function askedOf(
  context: CommandContext,
  act: ApprovalAct['act'],
  { id, file, signature, ...given }: Approval,
): Promise<{ readonly id: string; readonly act: ApprovalAct }> {
  if (file !== undefined) return await readStatement(context, act, { file, signature });
  return {
    id: Reference.parse(id),
    act: { act, payload: { ...Given.parse(given), key: given.key ?? freshKey() } },
  };
}

async function write(
  context: CommandContext,
  { id, act, file }: { readonly id: string; readonly act: ApprovalAct; readonly file: string },
): Promise<CommandResult> {
  return await withServer(context, async (temporal) => {
    const found = await resolveReference(temporal, id, { use: 'write', kinds: ['release'] });
    const statement = await statementOfAct(temporal, found.id, act);
    const written = await writeStatement(context, file, statement);
    const lines = [
      'Nothing is sent yet. Sign it, and send it from where Temporal can be reached:',
      ...written.next,
    ];
    return {
      document: { kind: 'statement', statement, ...written },
      text: [`written to ${written.file}`, ...lines].join('\n'),
      exit: EXIT_CODES.done,
    };
  });
}

/** The workflow refuses and records such an act; whoever is about to send it should know before. */
function otherBytes({ digest: carried }: ListedWorkflow, digest: string): readonly string[] {
  if (carried === null || carried === digest) return [];
  return [`! The release carries other bytes: ${carried}. This act will be refused, and recorded.`];
}
