import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import type { CommandContext } from '../../src/cli/command';
import { notedRisks } from '../../src/cli/noted-risks';
import { folderStore } from '../../src/package/store';
import { sampleFiles } from '../package/sample';

describe('the notes on a package of the store', () => {
  const store = mkdtempSync(join(tmpdir(), 'one-roof-store-'));

  it('are made from its own bytes, whatever its folder holds by now', async () => {
    const sql = 'select 1;\nalter table orders alter column amount type bigint;\n';
    const digest = await folderStore(store).putPackage(sampleFiles({ '20.sql': sql }));
    const read = await notedRisks(contextOf(store), digest);
    expect('notes' in read ? read.notes : []).toContainEqual(
      expect.objectContaining({ tier: '20_second', file: '20.sql', line: 2, rule: 'changing-column-type' }),
    );
  });

  it('are missing, and it says why, where the store has not the package or is not known', async () => {
    const unknown = 'a'.repeat(64);
    expect(await notedRisks(contextOf(store), unknown)).toEqual({
      unread: 'the package is not in the store',
    });
    expect(await notedRisks(contextOf(undefined), unknown)).toEqual({
      unread: 'no store is known here (ONE_ROOF_STORE)',
    });
  });
});

/** In a checkout in which no server was ever started. */
function contextOf(store: string | undefined): CommandContext {
  return {
    checkout: mkdtempSync(join(tmpdir(), 'one-roof-checkout-')),
    folder: tmpdir(),
    environment: store === undefined ? {} : { ONE_ROOF_STORE: store },
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
}
