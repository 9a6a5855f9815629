import { resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { CommandContext } from './command';
import { embeddedState } from './embedded-place';
import type { ServerChoice } from './server-choice';

/**
 * The folder of the store that the workers read: $ONE_ROOF_STORE, or the embedded one beside the embedded server. A
 * configured server's workers would look elsewhere.
 * @throws CONFIG_MISSING
 */
export function chooseStore(context: CommandContext, origin: ServerChoice['origin']): string {
  const named = context.environment['ONE_ROOF_STORE'];
  if (named !== undefined) return resolve(context.folder, named);
  const state = embeddedState(context);
  if (origin === 'embedded' && state !== undefined) return state.store;
  throw new ReleaseError(
    'CONFIG_MISSING',
    'ONE_ROOF_STORE is not set, and the server is not the embedded one',
    {
      hint: 'Set ONE_ROOF_STORE to the folder in which the workers look for packages.',
    },
  );
}
