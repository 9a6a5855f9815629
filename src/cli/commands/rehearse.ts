import { z } from 'zod';
import { startRehearsal } from '../../client/start';
import { command } from '../command';
import { follow } from '../following';
import { CloneName, Folder, Name } from '../input';
import { storePackage } from '../package-storing';
import { withServer } from '../server-choice';
import { startedResult } from '../started';
import { verifyTargets } from '../targets-file';

/** Rehearses a package on a clone. */
export const rehearse = command({
  name: 'rehearse',
  summary: 'rehearse a package on a clone of its target: apply, verify, roll back, apply again',
  arguments: [['<folder>', "the package's folder"]],
  options: [
    ['--source <target>', '!the database that is cloned and never changed'],
    ['--on <target>', '!the clone host'],
    ['--scope <scope>', 'a scope of the package; `full` when it is left out'],
    ['--keep-as <name>', 'keep the finalized clone under this name'],
    ['--requester <who>', 'who asks for it'],
    ['--detach', 'start it and return'],
  ],
  examples: [
    ['rehearse sql/one-roof-governance --source production --on clone-host', 'all tiers, with live progress'],
    [
      'rehearse pkg --source production --on clone-host --scope option-3 --json',
      'one JSON document at the end',
    ],
  ],
  exits: {
    0: 'rehearsed, or detached',
    1: 'failed or aborted',
    4: 'the package is not what its manifest says',
  },
  input: z.object({
    folder: Folder,
    source: Name,
    on: Name,
    scope: Name.default('full'),
    keepAs: CloneName.optional(),
    requester: Name.optional(),
    detach: z.boolean().default(false),
  }),
  run: async (context, input) => {
    const { folder, source, on: cloneHost, scope, keepAs, requester } = input;
    verifyTargets(context, [
      { by: '--source', name: source, kind: 'database' },
      { by: '--on', name: cloneHost, kind: 'clone-host' },
    ]);
    return await withServer(context, async (temporal, { origin }) => {
      const { package: ref } = await storePackage(context, { folder, scope, origin });
      const id = await startRehearsal(temporal, {
        package: ref,
        scope,
        source,
        cloneHost,
        ...(keepAs === undefined ? {} : { keepAs }),
        ...(requester === undefined ? {} : { requester }),
      });
      if (input.detach) return startedResult(id, 'rehearsal');
      context.terminal.note(`${id} has begun`);
      return await follow(context, temporal, { id, until: 'end' });
    });
  },
});
