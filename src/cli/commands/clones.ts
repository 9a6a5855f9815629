import { z } from 'zod';
import { dropMade, findMade } from '../../postgres/clone/drop';
import { listMade } from '../../postgres/clone/registry';
import { verifyNoGolden } from '../../postgres/golden/guard';
import { ON, withHost } from '../clone-host';
import { command } from '../command';
import { confirm } from '../confirmation';
import { Name, Yes } from '../input';
import { table } from '../print/table';

/** What One-Roof has made and not dropped. */
export const clonesList = command({
  name: 'clones list',
  summary: 'the databases that One-Roof made on a clone host and has not dropped',
  arguments: [],
  options: [ON],
  examples: [['clones list', 'names, and the workflows that they belong to']],
  exits: { 0: 'listed', 4: 'the server refuses the restorer' },
  input: z.object({ on: Name.optional() }),
  run: async (context, { on }) => {
    const { host, made } = await withHost(context, on, async (session, name) => ({
      host: name,
      made: await listMade(session),
    }));
    const rows = made.map(({ name, owner }) => [name, owner]);
    const text =
      rows.length === 0 ? `${host} has none` : table([{ head: 'database' }, { head: 'made for' }], rows);
    return { document: { kind: 'clones', on: host, clones: made }, text, exit: 0 };
  },
});

/** Drops one of them, and nothing else. */
export const clonesDrop = command({
  name: 'clones drop',
  summary: 'drop a database that One-Roof made; any other is refused',
  arguments: [['<name>', 'the database, as `one-roof clones list` names it']],
  options: [ON, ['--yes', 'agree to the consequences, which are shown']],
  examples: [['clones drop directus_gov_rehearsal_20260603', 'asks on a terminal; needs --yes without one']],
  exits: { 0: 'dropped', 4: 'One-Roof has not made it, or it is a golden' },
  input: z.object({ name: z.string().min(1), on: Name.optional(), yes: Yes }),
  run: (context, { name, on, yes }) =>
    withHost(context, on, async (session, host) => {
      const made = await findMade(session, name);
      await verifyNoGolden(session, made.nonce);
      await confirm(context, {
        lines: [
          `Database ${name} on ${host}, made for ${made.owner}, is dropped with all that is in it.`,
          'Sessions in it are ended. This cannot be taken back.',
        ],
        question: `Drop ${name}?`,
        agreed: yes,
      });
      await dropMade(session, made);
      return {
        document: { kind: 'clone dropped', on: host, clone: made },
        text: `${name} is dropped`,
        exit: 0,
      };
    }),
});
