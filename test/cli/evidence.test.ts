import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { packSigned, SIGNATURE_NAMESPACE, statementText } from '../../src/core/rules/approval-statement';
import type { Command, CommandContext, CommandResult } from '../../src/cli/command';
import { evidenceList, evidenceShow } from '../../src/cli/commands/evidence';
import { evidenceVerify } from '../../src/cli/commands/evidence-verify';
import { rehearsalSummary } from '../../src/core/rules/evidence-links';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import { signBySsh } from '../../src/evidence/ssh-signature';
import { folderStore } from '../../src/package/store';
import { REHEARSAL_OUTCOME, approval, sampleRelease } from '../evidence/chain-sample';
import { allowedLine, makeKey, writeAllowed } from '../support/ssh-keys';

const ID = 'release-one-roof-governance-osmxz2';

describe('the command evidence', () => {
  let store: string;
  let head: string;
  let key: string;

  beforeEach(async () => {
    store = mkdtempSync(join(tmpdir(), 'one-roof-store-'));
    key = join(store, 'signing-key.pub.pem');
    const kept = evidenceFolder(store);
    const measures = await folderStore(store).putDocument([{ statement: 1 }]);
    const tiers = REHEARSAL_OUTCOME.tiers.map((tier) => ({ ...tier, measures }));
    const rehearsal = { ...REHEARSAL_OUTCOME, tiers };
    const evidence = await kept.put(rehearsal);
    const approvals = [approval('lead-b', 3, { rehearsal: evidence })];
    const outcome = sampleRelease({ rehearsal: evidence, approvals });
    head = await kept.put(outcome, { manifest: null, rehearsal: rehearsalSummary(rehearsal) ?? null });
  });

  afterEach(() => {
    rmSync(store, { recursive: true });
  });

  it('lists what the store has, and shows what a link says', async () => {
    const { document, text } = await given(evidenceList, {});
    expect(document).toMatchObject({
      evidence: [
        { kind: 'rehearsal', links: 2 },
        { id: ID, head, links: 6 },
      ],
    });
    expect(text).toContain('Nothing was verified');
    const shown = await given(evidenceShow, { what: 'osmxz2' });
    expect(shown.text).toContain('the approval of rollout by lead-b: approved');
    expect(shown.text).toContain('name only claimed');
    expect(JSON.stringify(shown.document)).toContain('https://in-toto.io/Statement/v1');
    expect((await given(evidenceShow, { what: head.slice(0, 12) })).document).toMatchObject({
      chains: [{ id: ID }],
    });
  });

  it('verifies a release and the rehearsal that it names, by a pinned key and a head', async () => {
    const { document, exit, text } = await given(evidenceVerify, { what: [ID], key: [key], head: [head] });
    expect(document).toMatchObject({
      verdict: 'verified',
      evidence: [
        { id: ID, tail: 'proven', brokenLink: null },
        { kind: 'rehearsal', tail: 'proven' },
      ],
    });
    expect(exit).toBe(0);
    expect(text).toContain(`it ends with its head ${head}`);
  });

  it('ends otherwise without a head, and without a pinned key', async () => {
    const headless = await given(evidenceVerify, { what: [ID], key: [key] });
    expect([headless.exit, headless.text]).toEqual([1, expect.stringContaining('tail unproven')]);
    const keyless = await given(evidenceVerify, { what: [ID], head: [head] });
    expect([keyless.exit, keyless.text]).toEqual([1, expect.stringContaining('keys not pinned')]);
    expect(keyless.document).toMatchObject({ verdict: 'not verified' });
  });

  it('takes a head in capitals, as other tools write it', async () => {
    const { exit } = await given(evidenceVerify, { what: [ID], key: [key], head: [head.toUpperCase()] });
    expect(exit).toBe(0);
  });

  it('tells whoever was given a wrong key or a wrong head what to do', async () => {
    const other = mkdtempSync(join(tmpdir(), 'one-roof-other-'));
    await evidenceFolder(other).put(REHEARSAL_OUTCOME);
    const theirs = join(other, 'signing-key.pub.pem');
    const keyed = await given(evidenceVerify, { what: [ID], key: [theirs], head: [head] });
    expect([keyed.exit, keyed.text]).toEqual([4, expect.stringContaining('public key by another road')]);
    const headed = await given(evidenceVerify, { what: [ID], key: [key], head: ['a'.repeat(64)] });
    expect([headed.exit, headed.text]).toEqual([4, expect.stringContaining('Every fault is of the head')]);
  });

  it('takes the keyring that the environment names', async () => {
    const words = { what: [ID], head: [head] };
    const { exit } = await given(evidenceVerify, words, { ONE_ROOF_EVIDENCE_KEYS: key });
    expect(exit).toBe(0);
  });

  it('names the link that broke', async () => {
    const [file = ''] = chainOf(ID);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [...lines.slice(0, 3), ...lines.slice(4)].join('\n'));
    const { document, exit } = await given(evidenceVerify, { what: [ID], key: [key], head: [head] });
    expect(exit).toBe(4);
    expect(document).toMatchObject({
      verdict: 'refused',
      evidence: [{ brokenLink: 4, faults: [{ link: 4, fault: 'missing before' }] }, {}],
    });
  });

  it('blames the chain of that id for a head that it does not have', async () => {
    const { document, exit } = await given(evidenceVerify, {
      what: [ID],
      key: [key],
      head: ['a'.repeat(64)],
    });
    expect(exit).toBe(4);
    expect(document).toMatchObject({ evidence: [{ id: ID, faults: [{ link: 6, fault: 'head' }] }, {}] });
  });

  it('names a document of the store that is not what it was, and one that is gone', async () => {
    const folder = join(store, 'documents');
    const [name = ''] = readdirSync(folder);
    writeFileSync(join(folder, name), '[]');
    const words = { key: [key], head: [head] };
    const changed = await given(evidenceVerify, words);
    expect(changed.exit).toBe(4);
    expect(changed.text).toContain('document: what 10_structure did');
    rmSync(join(folder, name));
    const gone = await given(evidenceVerify, words);
    expect([gone.exit, gone.text]).toEqual([
      0,
      expect.stringContaining('are not at hand: what 10_structure did'),
    ]);
  });

  it('verifies a folder that was taken away, and misses what is no longer in it', async () => {
    const away = mkdtempSync(join(tmpdir(), 'one-roof-away-'));
    renameSync(join(store, 'evidence'), join(away, 'evidence'));
    const words = { what: [away], key: [key], head: [head] };
    expect((await given(evidenceVerify, words, {})).exit).toBe(0);
    for (const name of readdirSync(join(away, 'evidence')).filter((each) => each.includes(ID)))
      rmSync(join(away, 'evidence', name));
    const { exit, text } = await given(evidenceVerify, words, {});
    expect(exit).toBe(4);
    expect(text).toContain(`no chain here ends with ${head.slice(0, 12)}`);
  });

  it('refuses evidence of other bytes than those of a folder', async () => {
    const reference = join(__dirname, '..', '..', 'sql', 'one-roof-governance');
    const words = { what: [ID], key: [key], head: [head], package: reference };
    const { exit, text } = await given(evidenceVerify, words);
    expect(exit).toBe(4);
    expect(text).toContain('subject: it is of package');
  });

  it('verifies the SSH signatures of approvals by whom the auditor allows, and refuses one of anybody else', async () => {
    const keys = mkdtempSync(join(tmpdir(), 'one-roof-ssh-'));
    const [mine, stranger] = [await makeKey(keys, 'dba-a'), await makeKey(keys, 'stranger')];
    const allowedSigners = writeAllowed(keys, [allowedLine('dba-a', mine)]);
    const good = await given(evidenceVerify, { ...(await signedBy(mine)), allowedSigners });
    expect([good.exit, good.text]).toEqual([0, expect.stringContaining('verified: one file')]);
    const bad = await given(evidenceVerify, { ...(await signedBy(stranger)), allowedSigners });
    expect(bad.exit).toBe(4);
    expect(bad.text).toContain('approval: the approval of rollout by dba-a: no good signature of dba-a');
    const unlooked = await given(evidenceVerify, await signedBy(stranger));
    expect(unlooked.text).toContain('were not verified: no --allowed-signers');
  });

  it('refuses a private key, a key that is not there, and evidence that is not there', async () => {
    const secret = given(evidenceVerify, { what: [ID], key: [join(store, 'signing-key.pem')] });
    await expect(secret).rejects.toThrow(/a private key, which only the workers need/);
    await expect(given(evidenceVerify, { what: [ID], key: ['nowhere.pem'] })).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(given(evidenceVerify, { what: ['aaaaaa'] })).rejects.toMatchObject({
      code: 'REFERENCE_UNKNOWN',
    });
    await expect(given(evidenceVerify, { what: [ID], head: ['abc'] })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  /** A store of its own with a release that dba-a approved, signed by a key. */
  async function signedBy(sshKey: string): Promise<Readonly<Record<string, unknown>>> {
    const { assurance, signed: sample, ...statement } = approval('dba-a', 4);
    if (sample === undefined) throw new Error('the sample of dba-a is a signed one');
    const signing = {
      namespace: SIGNATURE_NAMESPACE,
      environment: { PATH: process.env['PATH'] },
      signal: never(),
    };
    const text = statementText(statement);
    const signed = packSigned(text, await signBySsh(text, { ...signing, key: sshKey }));
    const root = mkdtempSync(join(tmpdir(), 'one-roof-store-'));
    const approvals = [{ ...statement, assurance, signed }];
    const end = await evidenceFolder(root, join(store, 'signing-key.pem')).put(
      sampleRelease({ rehearsal: null, approvals }),
    );
    return { what: [root], key: [key], head: [end] };
  }

  function chainOf(id: string): readonly string[] {
    const folder = join(store, 'evidence');
    return readdirSync(folder)
      .filter((name) => name.includes(`.${id}.`))
      .map((name) => join(folder, name));
  }

  async function given(
    command: Command,
    words: Readonly<Record<string, unknown>>,
    environment: CommandContext['environment'] = {},
  ): Promise<CommandResult> {
    return command.run(
      contextOf({ ONE_ROOF_STORE: store, PATH: process.env['PATH'], ...environment }),
      words,
    );
  }
});

function never(): AbortSignal {
  return new AbortController().signal;
}

function contextOf(environment: CommandContext['environment']): CommandContext {
  return {
    checkout: mkdtempSync(join(tmpdir(), 'one-roof-checkout-')),
    folder: mkdtempSync(join(tmpdir(), 'one-roof-cli-')),
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
    interruption: never,
    setEnvironment: () => undefined,
  };
}
