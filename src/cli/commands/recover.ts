import { z } from 'zod';
import type { Temporal } from '../../client/connection';
import { startRelease } from '../../client/start';
import { ReleaseError } from '../../core/rules/release-error';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { confirm } from '../confirmation';
import { EXIT_CODES } from '../exit-codes';
import { Duration, Folder, Name, Yes, oneOf } from '../input';
import { countOthersRows } from '../others-rows';
import { choicesOf, choicesText, consequencesOf, unfinishedText } from '../print/recovery-text';
import type { RecoveryChoice, Unfinished } from '../print/recovery-text';
import { withServer } from '../server-choice';
import type { ServerChoice } from '../server-choice';
import { stayWith } from '../started';
import { storedPlan } from '../stored-package';
import { readOpenInLedger, verifyNotUnderWay } from '../unfinished-release';
import type { OpenInLedger } from '../unfinished-release';

const Input = z.object({
  target: Name,
  rollback: z.boolean().default(false),
  goOn: z.boolean().default(false),
  requester: Name.optional(),
  package: Folder.optional(),
  until: oneOf(['gate', 'end']).optional(),
  timeout: Duration.optional(),
  detach: z.boolean().default(false),
  yes: Yes,
});
type Input = z.infer<typeof Input>;

/** Takes over a release that was terminated in the midst of it. */
export const recover = command({
  name: 'recover',
  summary: "take over what a terminated release has left open in a target's ledger: roll it back, or go on",
  arguments: [['<target>', 'the database']],
  options: [
    ['--rollback', 'roll back all that it applied; no gate, no approval'],
    ['--go-on', 'go on where it stopped, behind its gates'],
    ['--requester <who>', 'who asks for it; needed with a choice'],
    [
      '--package <folder>',
      "the package's folder, where the store has lost it; exactly the bytes of that release",
    ],
    [
      '--until <gate|end>',
      'return at its first wait, or stay until its end; `end` on a terminal, else `gate`',
    ],
    ['--timeout <duration>', 'stay at most this long (`10m`); the recovery goes on'],
    ['--detach', 'start it and return'],
    ['--yes', 'agree to the consequences, which are shown'],
  ],
  examples: [
    ['recover production', 'what is open there, what of it is in effect, and the two choices'],
    ['recover production --rollback --requester lead-a --yes', 'exit 0 when all of it is rolled back'],
    ['recover production --go-on --requester lead-a', 'waits at its gates, then goes on where it stopped'],
  ],
  exits: {
    0: 'nothing is open, or it is rolled back or released, or detached',
    1: 'rejected, aborted, expired or failed; or it went on and was rolled back',
    3: 'a person must choose, or it waits for a person or a gate',
    4: 'refused: its workflow still runs, policy, preflight, rehearsal or registration',
    5: 'it holds or is stuck: a person must decide',
  },
  input: Input,
  run: async (context, input) => {
    const wanted = choiceOf(input);
    const open = await readOpenInLedger(context, input.target);
    if (open === undefined) return nothingOpen(input.target);
    return await withServer(context, async (temporal, server) => {
      const unfinished = await look(context, temporal, { open, server, target: input.target });
      const chosen = wanted ?? (await askChoice(context, unfinished, input.requester));
      if (chosen === undefined) return mustChoose(unfinished);
      if (wanted !== undefined) context.terminal.note(unfinishedText(unfinished, Date.now()));
      return await carryOut(context, temporal, { unfinished, ...chosen, input, origin: server.origin });
    });
  },
});

interface Chosen {
  readonly choice: RecoveryChoice;
  readonly requester: string;
}

/** @throws USAGE for both choices, and for one that nobody asks for */
function choiceOf({ rollback, goOn, requester }: Input): Chosen | undefined {
  const hint = 'See `one-roof recover --help`.';
  if (rollback && goOn)
    throw new ReleaseError('USAGE', '`--rollback` and `--go-on` are two choices', { hint });
  if (!rollback && !goOn) return undefined;
  if (requester === undefined) throw new ReleaseError('USAGE', '--requester must be given', { hint });
  return { choice: rollback ? 'rollback' : 'go on', requester };
}

function nothingOpen(target: string): CommandResult {
  return {
    document: { kind: 'recovery', target, release: null },
    text: `no release is open in ${target}: there is nothing to recover`,
    exit: EXIT_CODES.done,
  };
}

interface Found {
  readonly open: OpenInLedger;
  readonly target: string;
  readonly server: ServerChoice;
}

async function look(context: CommandContext, temporal: Temporal, found: Found): Promise<Unfinished> {
  const { open, target, server } = found;
  const workflow = await verifyNotUnderWay(temporal, open.release.id);
  const othersRows = await countOthersRows(context, target, open.release.id);
  const { address, namespace } = server.place;
  return { target, ...open, workflow, temporal: `${address}, namespace ${namespace}`, othersRows };
}

/** On a terminal a person may choose at once, where it is said who that is. @throws ABORTED where neither is chosen */
async function askChoice(
  { terminal }: CommandContext,
  unfinished: Unfinished,
  requester: string | undefined,
): Promise<Chosen | undefined> {
  if (!terminal.canAsk || requester === undefined) return undefined;
  terminal.note(`${unfinishedText(unfinished, Date.now())}\n\n${choicesText(unfinished)}\n`);
  const answer = (await terminal.ask('Roll it back, or go on? [rollback/go-on/N] ')).trim().toLowerCase();
  if (answer === 'rollback') return { choice: 'rollback', requester };
  if (answer === 'go-on' || answer === 'go on') return { choice: 'go on', requester };
  throw new ReleaseError('ABORTED', 'you did not choose; nothing was done', {
    hint: 'Run it again when you have decided.',
  });
}

function mustChoose(unfinished: Unfinished): CommandResult {
  const { target, release, tiers, workflow, othersRows } = unfinished;
  const choices = choicesOf(unfinished);
  return {
    document: { kind: 'recovery', target, release, tiers, workflow, ...othersRows, choices },
    text: `${unfinishedText(unfinished, Date.now())}\n\nA person must choose:\n\n${choicesText(unfinished)}`,
    exit: EXIT_CODES.waiting,
  };
}

interface Recovery extends Chosen {
  readonly unfinished: Unfinished;
  readonly input: Input;
  readonly origin: ServerChoice['origin'];
}

async function carryOut(
  context: CommandContext,
  temporal: Temporal,
  { unfinished, choice, requester, input, origin }: Recovery,
): Promise<CommandResult> {
  const { release, target } = unfinished;
  const { scope } = release;
  const earlier = { package: release.package, scope, folder: input.package, origin };
  const plan = await storedPlan(context, earlier);
  const consequences = consequencesOf(unfinished, choice);
  const question = choice === 'rollback' ? `Roll back ${release.id}?` : `Go on with ${release.id}?`;
  await confirm(context, { lines: consequences, question, agreed: input.yes });
  const recovers = { release: release.id, claim: release.claim, choice };
  const order = { package: plan.package, scope, target, requester, recovers };
  const gates = plan.gates.map((gate) => gate.id);
  const id = await startRelease(temporal, order, { gates, facts: consequences });
  return await stayWith(context, temporal, { id, ...input });
}
