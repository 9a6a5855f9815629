import { z } from 'zod';
import { resolveReference } from '../../client/reference';
import { milliseconds } from '../../core/rules/milliseconds';
import { command } from '../command';
import { follow } from '../following';
import { Duration, Reference, oneOf } from '../input';
import { withServer } from '../server-choice';

/** Follows a release or a rehearsal to its end. */
export const watch = command({
  name: 'watch',
  summary: 'follow it to its end; Ctrl-C detaches and stops nothing',
  arguments: [['<id>', 'id, short id or `latest`']],
  options: [
    ['--until <gate|end>', 'return at its next wait, or at its end, which it is when left out'],
    ['--timeout <duration>', 'stay at most this long'],
  ],
  examples: [
    ['watch latest', 'the newest, live'],
    ['watch 7k3f9q --until gate', 'returns with exit 3 at its next wait'],
  ],
  exits: {
    0: 'it ended well, or you detached',
    1: 'it ended, and was not done; or was terminated: then it says how to recover it',
    3: 'it waits, or the time is over',
    4: 'it was refused',
    5: 'it holds or is stuck: a person must decide',
  },
  input: z.object({
    id: Reference,
    until: oneOf(['gate', 'end']).default('end'),
    timeout: Duration.optional(),
  }),
  run: (context, { id: reference, until, timeout }) =>
    withServer(context, async (temporal) => {
      const kinds = ['release', 'rehearsal', 'evaluation'] as const;
      const { id } = await resolveReference(temporal, reference, { use: 'read', kinds });
      const timeoutMs = timeout === undefined ? undefined : milliseconds(timeout);
      return await follow(context, temporal, { id, until, timeoutMs });
    }),
});
