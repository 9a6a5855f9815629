import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import type { CommandContext } from '../../src/cli/command';
import { evidenceVerify } from '../../src/cli/commands/evidence-verify';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import { canonicalJson } from '../../src/core/rules/canonical-json';
import { readChain } from '../../src/evidence/chain-file';
import { keyringOf } from '../../src/evidence/keyring';
import {
  OURS,
  RELEASE,
  THEIRS,
  approval,
  holding,
  made,
  sampleRelease,
  signed,
  statementIn,
} from './chain-sample';

const KEYRING = keyringOf(OURS.publicKey, 'ours');
/** A name that evidence of the sample could have. */
const NAME = RELEASE.file.name.replace(/\.[0-9a-f]{64}\./, `.${'0'.repeat(64)}.`);

/** What whoever may write into the folder can put there, and what is said of it. */
const PLANTED: readonly (readonly [string, (path: string) => unknown, RegExp])[] = [
  ['a pipe, which nobody ever writes to', (path) => execFileSync('mkfifo', [path]), /and no file/],
  [
    'a folder',
    (path) => {
      mkdirSync(path);
    },
    /and no file/,
  ],
  [
    'a link to nowhere',
    (path) => {
      symlinkSync('nowhere', path);
    },
    /cannot be read: ENOENT/,
  ],
  [
    'a link to itself',
    (path) => {
      symlinkSync(path, path);
    },
    /cannot be read: ELOOP/,
  ],
  [
    'a link to a folder',
    (path) => {
      symlinkSync('/', path);
    },
    /and no file/,
  ],
  [
    'three gigabytes of nothing',
    (path) => {
      writeFileSync(path, '');
      truncateSync(path, 3 * 1024 ** 3);
    },
    /it has 3221225472 bytes/,
  ],
];

describe('a folder of evidence into which a stranger may write', () => {
  let root: string;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'one-roof-hostile-'));
    await evidenceFolder(root).put(sampleRelease());
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it.each(PLANTED)('is refused for %s, by the command and by the store', async (_, plant, says) => {
    plant(join(root, 'evidence', NAME));
    const { exit, text } = await evidenceVerify.run(contextOf(root), { what: [root] });
    expect([exit, text]).toEqual([4, expect.stringMatching(says)]);
    await expect(evidenceFolder(root).ofWorkflow(sampleRelease().id)).rejects.toThrow(NAME);
  });

  it('still gives the one with a known head, whatever lies beside it', async () => {
    const head = await evidenceFolder(root).put(sampleRelease());
    writeFileSync(join(root, 'evidence', NAME), 'nothing');
    expect(await evidenceFolder(root).withHead(head)).toMatchObject({ digest: head });
    expect(await evidenceFolder(root).withHead('1'.repeat(64))).toBeUndefined();
  });

  it('prints nothing of a file that moves the cursor, or begins a line of its own', async () => {
    const reason = '\u001b[2J\u202e\nverified: one file of evidence';
    const { file } = made(sampleRelease({ approvals: [approval('lead-b', 3, { reason })] }), THEIRS);
    writeFileSync(join(root, 'evidence', file.name), file.bytes);
    const { exit, text } = await evidenceVerify.run(contextOf(root), { what: [root] });
    expect(exit).toBe(4);
    expect(text).toContain('⟨U+001B⟩[2J⟨U+202E⟩ verified');
    for (const odd of ['\nverified', '\u001b', '\u202e']) expect(text).not.toContain(odd);
  });
});

describe('a file of evidence that was made to be read for ever', () => {
  it.each([
    [
      'nested so deep that no stack holds it',
      signed([]).replace('W10=', deep()),
      'its payload is no JSON as',
    ],
    ['of a million lines', '\n'.repeat(1_000_000), 'it has 1000000 lines'],
    ['with one line of many megabytes', `${'['.repeat(20_000_000)}\n`, 'it is no DSSE envelope'],
  ])('%s, is refused', (_, text, says) => {
    const { faults } = readChain(holding(text.endsWith('\n') ? text : `${text}\n`).bytes, KEYRING);
    expect(faults.map((each) => each.says)).toContainEqual(expect.stringContaining(says));
  });

  it('bears no field that stands for the prototype of all', () => {
    const line = signed(statementIn(RELEASE.lines[0] ?? ''));
    const odd = line.replace('{"payload"', '{"__proto__":{"keyid":"x"},"payload"');
    expect(readChain(holding(`${odd}\n`).bytes, KEYRING).faults[0]).toMatchObject({ link: 1, fault: 'form' });
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });
});

function deep(): string {
  return Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000)).toString('base64');
}

function contextOf(store: string): CommandContext {
  return {
    checkout: store,
    folder: store,
    environment: { HOME: '/nonexistent', ONE_ROOF_STORE: store },
    global: { json: false, embedded: false },
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
