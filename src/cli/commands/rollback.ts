import { z } from 'zod';
import { startRelease } from '../../client/start';
import { ReleaseError } from '../../core/rules/release-error';
import { command } from '../command';
import type { CommandContext } from '../command';
import { confirm } from '../confirmation';
import { findFinished } from '../finished-release';
import type { Finished } from '../finished-release';
import { Duration, Folder, Name, Reference, Yes, oneOf } from '../input';
import { countOthersRows } from '../others-rows';
import type { OthersRows } from '../others-rows';
import { moment } from '../../evidence/amounts';
import { othersRowsLines } from '../print/losses-text';
import { withServer } from '../server-choice';
import { stayWith } from '../started';
import { storedPlan } from '../stored-package';
import { readTarget, whyOutOfReach } from '../target-reading';
import { readLeftTiers, readOpenRelease } from '../../postgres/open-release';

/** Rolls back a release that has ended. */
export const rollback = command({
  name: 'rollback',
  summary: 'roll back a finished release, as a release of its own: with gate, approvals and evidence',
  arguments: [['<id>', 'id or short id of the finished release']],
  options: [
    ['--requester <who>', '!who asks for it; cannot approve it'],
    [
      '--package <folder>',
      "the package's folder, where the store has lost it; exactly the bytes of that release",
    ],
    [
      '--until <gate|end>',
      'return at its first wait, or stay until its end; `end` on a terminal, else `gate`',
    ],
    ['--timeout <duration>', 'stay at most this long (`10m`); the rollback goes on'],
    ['--detach', 'start it and return'],
    ['--yes', 'agree to the consequences, which are shown'],
  ],
  examples: [
    ['rollback 7k3f9q --requester lead-a', 'shows what would be lost, asks, then waits at its gate'],
    ['rollback 7k3f9q --requester lead-a --yes --until end --json', 'one document, when it has ended'],
  ],
  exits: {
    0: 'rolled back, or detached',
    1: 'rejected, aborted, expired or failed',
    3: 'it waits for a person or a gate, or nobody works on it',
    4: 'refused: it has not ended, nothing of it is in effect, or the policy',
    5: 'it holds or is stuck: a person must decide',
  },
  input: z.object({
    id: Reference,
    requester: Name,
    package: Folder.optional(),
    until: oneOf(['gate', 'end']).optional(),
    timeout: Duration.optional(),
    detach: z.boolean().default(false),
    yes: Yes,
  }),
  run: (context, input) =>
    withServer(context, async (temporal, { origin }) => {
      const finished = await findFinished(context, temporal, input.id);
      const { scope, target, inLedger } = finished;
      const facts = consequencesOf(finished, {
        inEffect: await readInEffect(context, finished),
        othersRows: await countOthersRows(context, target, inLedger),
      });
      const earlier = { package: finished.package, scope, folder: input.package, origin };
      const plan = await storedPlan(context, earlier);
      await confirm(context, {
        lines: [subjectOf(finished), ...facts],
        question: `Start the rollback of ${finished.id}?`,
        agreed: input.yes,
      });
      const { requester } = input;
      const order = { package: plan.package, scope, target, requester, rollsBack: inLedger };
      const id = await startRelease(temporal, order, { gates: plan.gates.map((gate) => gate.id), facts });
      return await stayWith(context, temporal, { ...input, id });
    }),
});

/** The tiers that are there to roll back, or why that cannot be read from this machine. */
type InEffect = { readonly tiers: readonly string[] } | { readonly unread: string };

/** @throws NOTHING_APPLIED; RELEASE_RUNS where the ledger shows it open: that is for `recover` */
async function readInEffect(context: CommandContext, { id, inLedger, target }: Finished): Promise<InEffect> {
  try {
    return await readTarget(context, { target, by: 'a rollback' }, async (session) => {
      const open = await readOpenRelease(session);
      if (open?.id === inLedger) throw stillOpen(inLedger, target);
      const left = await readLeftTiers(session, inLedger);
      const tiers = left.filter(({ state }) => state !== 'rolled back').map(({ tier }) => tier);
      if (tiers.length > 0) return { tiers };
      throw new ReleaseError('NOTHING_APPLIED', `no tier of ${id} is in effect in ${target}`);
    });
  } catch (error) {
    const unread = whyOutOfReach(error);
    if (unread === undefined) throw error;
    return { unread };
  }
}

function stillOpen(release: string, target: string): ReleaseError {
  return new ReleaseError(
    'RELEASE_RUNS',
    `the ledger of ${target} shows ${release} as open: it was not finished`,
    {
      hint: `\`one-roof recover ${target}\` rolls it back, or lets it go on.`,
      details: { id: release, target },
    },
  );
}

function subjectOf({ id, package: { name, version }, target, scope, ended }: Finished): string {
  return `${id}: ${name} ${version} → ${target}, scope ${scope}, ${moment(ended)}`;
}

function consequencesOf(
  { target }: Finished,
  { inEffect, othersRows }: { readonly inEffect: InEffect; readonly othersRows: OthersRows },
): readonly string[] {
  return [
    'unread' in inEffect
      ? `Its tiers are rolled back, last first; which ones are in effect the ledger of ${target} tells its workers (not read from here: ${inEffect.unread}).`
      : `Rolled back, last first: ${[...inEffect.tiers].reverse().join(', ')}.`,
    ...othersRowsLines(othersRows, 'and lost with it'),
    `It counts again and waits at the gates of the package and of ${target} first; nothing is changed before they open.`,
  ];
}
