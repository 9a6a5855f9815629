import { z } from 'zod';
import type { GoldenOrder } from '../../core/schema/golden';
import { goldenOf, listGoldens } from '../../postgres/golden/registry';
import { whoUses } from '../../postgres/golden/swap';
import { ON, hostNamed, withHost } from '../clone-host';
import { command } from '../command';
import type { CommandContext, CommandResult } from '../command';
import { confirm } from '../confirmation';
import { actOnGolden } from '../golden-following';
import { Name, Yes } from '../input';
import { goldensText } from '../print/golden-text';
import { withServer } from '../server-choice';

const NAME = ['<name>', 'the golden'] as const;
const YES = ['--yes', 'agree to the consequences, which are shown'] as const;
const FORCE = ['--force', 'end the sessions of those who are in it'] as const;

/** Makes a kept clone a golden. */
export const goldenSnapshot = command({
  name: 'golden snapshot',
  summary:
    'make a kept clone a golden: a snapshot by its digest, its fingerprint, baseline and revalidation recorded',
  arguments: [['<name>', 'the database, as `one-roof rehearse --keep-as` named it']],
  options: [ON],
  examples: [
    ['golden snapshot directus_gov_test_20260602', 'again: another snapshot of a golden that is as recorded'],
  ],
  exits: {
    0: 'snapshot taken',
    1: 'not what must hold on a finalized clone',
    4: 'One-Roof has not made or finalized it',
  },
  input: z.object({ name: Name, on: Name.optional() }),
  run: (context, { name, on }) =>
    act(context, { act: 'snapshot', host: hostNamed(context, on), name, force: false }),
});

/** Compares a golden with its record. */
export const goldenVerify = command({
  name: 'golden verify',
  summary: 'compare a golden and its snapshot with what is recorded; only reads',
  arguments: [NAME],
  options: [ON],
  examples: [
    ['golden verify directus_gov_test_20260602', 'names each object, table and metric that differs'],
  ],
  exits: { 0: 'as recorded', 1: 'differs', 2: 'there is no such golden' },
  input: z.object({ name: Name, on: Name.optional() }),
  run: (context, { name, on }) =>
    act(context, { act: 'verify', host: hostNamed(context, on), name, force: false }),
});

/** Restores a golden. */
export const goldenReset = command({
  name: 'golden reset',
  summary:
    'restore a golden from its snapshot: a new database, verified, takes its place; then the old one is dropped',
  arguments: [NAME],
  options: [ON, FORCE, YES],
  examples: [
    ['golden reset directus_gov_test_20260602 --force', 'asks on a terminal; needs --yes without one'],
  ],
  exits: {
    0: 'reset',
    1: 'what was restored is not what was recorded; the golden stays',
    4: 'somebody is in it, or the snapshot was changed',
  },
  input: z.object({ name: Name, on: Name.optional(), force: z.boolean().default(false), yes: Yes }),
  run: async (context, { name, on, force, yes }) => {
    const { host, users } = await look(context, on, name);
    await confirm(context, {
      lines: [
        `Golden ${name} on ${host} becomes what its snapshot holds; whatever was written to it since is lost.`,
        ...usersLines(users, force),
      ],
      question: `Reset ${name}?`,
      agreed: yes,
    });
    return act(context, { act: 'reset', host, name, force });
  },
});

/** What goldens there are and were. */
export const goldenList = command({
  name: 'golden list',
  summary: 'the goldens of a clone host, and those that were retired',
  arguments: [],
  options: [ON],
  examples: [['golden list', 'names, packages, snapshots']],
  exits: { 0: 'listed', 4: 'the server refuses the restorer' },
  input: z.object({ on: Name.optional() }),
  run: async (context, { on }) => {
    const { host, goldens } = await withHost(context, on, async (session, name) => ({
      host: name,
      goldens: await listGoldens(session),
    }));
    return { document: { kind: 'goldens', on: host, goldens }, text: goldensText(host, goldens), exit: 0 };
  },
});

/** Ends a golden. */
export const goldenRetire = command({
  name: 'golden retire',
  summary: 'drop a golden and its snapshot; what was recorded of it stays',
  arguments: [NAME],
  options: [ON, FORCE, YES],
  examples: [['golden retire directus_gov_test_20260602', 'asks on a terminal; needs --yes without one']],
  exits: { 0: 'retired', 2: 'there is no such golden', 4: 'somebody is in it' },
  input: z.object({ name: Name, on: Name.optional(), force: z.boolean().default(false), yes: Yes }),
  run: async (context, { name, on, force, yes }) => {
    const { host, users } = await look(context, on, name);
    await confirm(context, {
      lines: [
        `Golden ${name} on ${host} is dropped, and its snapshot is removed. This cannot be taken back.`,
        ...usersLines(users, force),
      ],
      question: `Retire ${name}?`,
      agreed: yes,
    });
    return act(context, { act: 'retire', host, name, force });
  },
});

function act(context: CommandContext, order: GoldenOrder): Promise<CommandResult> {
  return withServer(context, (temporal) => actOnGolden(context, temporal, order));
}

/** Who is in it. @throws GOLDEN_UNKNOWN where there never was such a golden */
function look(context: CommandContext, on: string | undefined, name: string) {
  return withHost(context, on, async (session, host) => {
    const isKnown = (await listGoldens(session)).some((golden) => golden.name === name);
    if (!isKnown) await goldenOf(session, name);
    return { host, users: await whoUses(session, name) };
  });
}

function usersLines(users: readonly string[], force: boolean): readonly string[] {
  if (users.length === 0) return [];
  return [
    `${force ? 'Ended are the sessions of' : 'It is refused while they are in it:'} ${users.join(', ')}`,
  ];
}
