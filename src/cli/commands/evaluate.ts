import { z } from 'zod';
import { startEvaluation } from '../../client/start';
import { command } from '../command';
import { follow } from '../following';
import { Folder, Name, Names } from '../input';
import { storePackage } from '../package-storing';
import { withServer } from '../server-choice';
import { startedResult } from '../started';
import { verifyTargets } from '../targets-file';

/** Compares the scopes of a package by rehearsing them. */
export const evaluate = command({
  name: 'evaluate',
  summary: 'rehearse scopes of a package, by themselves and one after the other, and recommend',
  arguments: [['<folder>', "the package's folder"]],
  options: [
    ['--scopes <scopes>', '!scopes of the package, with commas between: `option-3,full`'],
    ['--source <target>', '!the database that is cloned and never changed'],
    ['--on <target>', '!the clone host'],
    ['--requester <who>', 'who asks for it'],
    ['--detach', 'start it and return'],
  ],
  examples: [
    [
      'evaluate sql/one-roof-governance --scopes option-3,full --source production --on clone-host',
      'should tiers 1 and 2 go first? Three rehearsals, one after the other',
    ],
    [
      'evaluate pkg --scopes option-3,full --source production --on clone-host --json',
      'one JSON document at the end: `recommendations`, `runs`, `waysBack`, `ends`',
    ],
  ],
  exits: {
    0: 'evaluated, whatever it recommends; or detached',
    1: 'failed or aborted: nothing is recommended',
    4: 'the package is not what its manifest says',
  },
  input: z.object({
    folder: Folder,
    scopes: Names,
    source: Name,
    on: Name,
    requester: Name.optional(),
    detach: z.boolean().default(false),
  }),
  run: async (context, input) => {
    const { folder, source, on: cloneHost, scopes, requester } = input;
    verifyTargets(context, [
      { by: '--source', name: source, kind: 'database' },
      { by: '--on', name: cloneHost, kind: 'clone-host' },
    ]);
    return await withServer(context, async (temporal, { origin }) => {
      const [first = 'full', ...others] = scopes;
      const { package: ref } = await storePackage(context, { folder, scope: first, origin });
      for (const scope of others) await storePackage(context, { folder, scope, origin });
      const id = await startEvaluation(temporal, {
        package: ref,
        scopes,
        source,
        cloneHost,
        ...(requester === undefined ? {} : { requester }),
      });
      if (input.detach) return startedResult(id, 'evaluation');
      context.terminal.note(`${id} has begun`);
      return await follow(context, temporal, { id, until: 'end' });
    });
  },
});
