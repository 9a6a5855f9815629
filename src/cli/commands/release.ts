import { z } from 'zod';
import { startRelease } from '../../client/start';
import { command } from '../command';
import { Duration, Folder, Name, Reason, oneOf } from '../input';
import { storePackage } from '../package-storing';
import { withServer } from '../server-choice';
import { stayWith } from '../started';
import { verifyTargets } from '../targets-file';

/** Releases a package to a target. */
export const release = command({
  name: 'release',
  summary: 'release a package to a target: wait at its gate, apply tier by tier, roll back if one fails',
  arguments: [['<folder>', "the package's folder"]],
  options: [
    ['--target <target>', '!the database'],
    ['--requester <who>', '!who asks for it; cannot approve it'],
    [
      '--override <why>',
      "go without a passing rehearsal, if as many people as the policy's `override` asks for approve that",
    ],
    ['--scope <scope>', 'a scope of the package; `full` when it is left out'],
    [
      '--until <gate|end>',
      'return at its first wait, or stay until its end; `end` on a terminal, else `gate`',
    ],
    ['--timeout <duration>', 'stay at most this long (`10m`); the release goes on'],
    ['--detach', 'start it and return'],
  ],
  examples: [
    [
      'release sql/one-roof-governance --target production --requester lead-a',
      'stays on a terminal; Ctrl-C detaches',
    ],
    [
      'release pkg --target production --requester lead-a --until end --json',
      'one document, when it has ended',
    ],
  ],
  exits: {
    0: 'released, or detached',
    1: 'rolled back, rejected, aborted, expired or failed',
    3: 'it waits for a person or a gate, or nobody works on it',
    4: 'refused: policy, preflight, rehearsal or registration',
    5: 'it holds or is stuck: a person must decide',
  },
  input: z.object({
    folder: Folder,
    target: Name,
    requester: Name,
    override: Reason.optional(),
    scope: Name.default('full'),
    until: oneOf(['gate', 'end']).optional(),
    timeout: Duration.optional(),
    detach: z.boolean().default(false),
  }),
  run: async (context, { folder, target, requester, override, scope, until, timeout, detach }) => {
    const without = override === undefined ? {} : { override: { reason: override } };
    verifyTargets(context, [{ by: '--target', name: target, kind: 'database' }]);
    return await withServer(context, async (temporal, { origin }) => {
      const { package: ref, gates } = await storePackage(context, { folder, scope, origin });
      const id = await startRelease(
        temporal,
        { package: ref, scope, target, requester, ...without },
        { gates: gates.map((gate) => gate.id) },
      );
      return await stayWith(context, temporal, { id, detach, until, timeout });
    });
  },
});
