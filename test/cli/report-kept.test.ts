import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import type { CommandContext, CommandResult } from '../../src/cli/command';
import { report } from '../../src/cli/commands/report';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import { releaseOutcome } from './outcomes';

const OUTCOME = releaseOutcome();

describe('the report of what Temporal does not tell any more', () => {
  let store: string;

  beforeEach(async () => {
    store = mkdtempSync(join(tmpdir(), 'one-roof-store-'));
    await evidenceFolder(store).put(OUTCOME);
  });

  it('is made from the evidence in the store', async () => {
    expect((await reported({ ONE_ROOF_STORE: store })).document).toEqual(OUTCOME);
  });

  it("is verified by the key that the workers' variable names, from where the user stands", async () => {
    renameSync(join(store, 'signing-key.pem'), join(store, 'evidence.pem'));
    const environment = { ONE_ROOF_STORE: store, ONE_ROOF_SIGNING_KEY: 'evidence.pem' };
    expect((await reported(environment, store)).document).toEqual(OUTCOME);
  });

  it('is refused, with what to set, where the key is not there', async () => {
    const environment = { ONE_ROOF_STORE: store, ONE_ROOF_SIGNING_KEY: '/nonexistent/key.pem' };
    const attempt = reported(environment);
    await expect(attempt).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(attempt).rejects.toThrow(`the evidence of ${OUTCOME.id} cannot be verified: ENOENT`);
    await expect(attempt).rejects.toThrow('/nonexistent/key.pem');
  });

  it('is not looked for where no store is known: it says that the server is missing', async () => {
    await expect(reported({})).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });
});

/** In a checkout in which no server was ever started. */
function reported(
  environment: CommandContext['environment'],
  folder = mkdtempSync(join(tmpdir(), 'one-roof-cli-')),
): Promise<CommandResult> {
  const context: CommandContext = {
    checkout: mkdtempSync(join(tmpdir(), 'one-roof-checkout-')),
    folder,
    environment: { HOME: '/nonexistent', ...environment },
    global: { json: true, embedded: false },
    terminal: {
      colours: createColors(false),
      canAsk: false,
      showsPictures: false,
      size: undefined,
      input: { isTerminal: true, stream: () => process.stdin },
      protocol: () => ({ input: process.stdin, output: process.stdout }),
      note: () => undefined,
      stream: () => undefined,
      ask: () => Promise.resolve(''),
    },
    interruption: () => new AbortController().signal,
    setEnvironment: () => undefined,
  };
  return report.run(context, { id: OUTCOME.id, format: 'json' });
}
