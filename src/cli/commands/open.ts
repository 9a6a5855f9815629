import { spawn } from 'node:child_process';
import { z } from 'zod';
import { ReleaseError } from '../../core/rules/release-error';
import { command } from '../command';
import { embeddedUi } from '../embedded-place';

/** The Temporal UI of the embedded server. */
export const open = command({
  name: 'open',
  summary: 'open the Temporal UI in a browser, and print its address',
  arguments: [],
  options: [],
  examples: [['open', 'the workflows, as a person reads them']],
  exits: { 0: 'its address was printed' },
  input: z.object({}),
  run: (context) => {
    const url = context.environment['ONE_ROOF_UI'] ?? embeddedUi(context);
    if (url === undefined) {
      throw new ReleaseError('SERVER_UNREACHABLE', 'there is no embedded server whose UI could be opened', {
        hint: 'Start it with `one-roof up`, or set ONE_ROOF_UI to the address of the UI of your own server.',
      });
    }
    if (context.terminal.showsPictures) openInBrowser(url);
    return Promise.resolve({ document: { kind: 'ui', url }, text: url, exit: 0 });
  },
});

/** Without a browser nothing happens: the address is printed in any case. */
function openInBrowser(url: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url], { detached: true, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}
