import {
  appendFile,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceFolder } from '../../src/evidence/evidence-folder';
import { REHEARSAL_OUTCOME, sampleRelease } from './chain-sample';

const RELEASE = sampleRelease();
const FACTS = { manifest: null, rehearsal: null };

describe('the store of evidence', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'one-roof-evidence-'));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('gives back the outcome by workflow and by package, under the head of its chain', async () => {
    const store = evidenceFolder(root);
    const head = await store.put(RELEASE, FACTS);
    expect(await store.ofWorkflow(RELEASE.id)).toEqual([{ digest: head, outcome: RELEASE }]);
    expect(await store.ofPackage(RELEASE.package.digest)).toEqual([{ digest: head, outcome: RELEASE }]);
    expect(await store.ofWorkflow('release-of-nobody')).toEqual([]);
  });

  it('keeps the same outcome once, whoever writes it, and shows no half of it', async () => {
    const [one, other] = [evidenceFolder(root), evidenceFolder(root)];
    const heads = await Promise.all([one, other, one, other].map((store) => store.put(RELEASE, FACTS)));
    expect(new Set(heads).size).toBe(1);
    expect(await files()).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}\.release-.*\.[0-9a-f]{64}\.intoto\.jsonl$/),
    ]);
  });

  it('names a workflow whose id is no file name without leaving its folder', async () => {
    const store = evidenceFolder(root);
    const id = '../../outside/of it';
    await store.put({ ...RELEASE, id, approvals: [] });
    expect((await store.ofWorkflow(id)).map(({ outcome }) => outcome.id)).toEqual([id]);
    expect(await readdir(root)).toEqual(['evidence', 'signing-key.pem', 'signing-key.pub.pem']);
  });

  it('publishes the public key beside the private one, which it keeps to itself', async () => {
    await evidenceFolder(root).put(RELEASE);
    expect((await stat(join(root, 'signing-key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(root, 'signing-key.pub.pem'), 'utf8')).toMatch(
      /^-----BEGIN PUBLIC KEY-----\n/,
    );
  });

  it('is read by the public key alone', async () => {
    const head = await evidenceFolder(root).put(RELEASE);
    await rm(join(root, 'signing-key.pem'));
    expect(await evidenceFolder(root).ofWorkflow(RELEASE.id)).toEqual([{ digest: head, outcome: RELEASE }]);
  });

  it('is read by the worker’s own key, whatever was published in its place', async () => {
    await evidenceFolder(root).put(RELEASE);
    const stranger = await mkdtemp(join(tmpdir(), 'one-roof-stranger-'));
    await evidenceFolder(stranger).put({ ...RELEASE, outcome: 'released' });
    await rm(join(root, 'evidence'), { recursive: true });
    await rename(join(stranger, 'evidence'), join(root, 'evidence'));
    await rename(join(stranger, 'signing-key.pub.pem'), join(root, 'signing-key.pub.pem'));
    await expect(evidenceFolder(root).ofWorkflow(RELEASE.id)).rejects.toMatchObject({
      code: 'EVIDENCE_INVALID',
    });
  });

  it('says the latest to end last', async () => {
    const store = evidenceFolder(root);
    for (const endedAt of ['2026-06-05T10:00:00.000Z', '2026-06-04T10:00:00.000Z'])
      await store.put({ ...REHEARSAL_OUTCOME, endedAt });
    const ends = (await store.ofWorkflow(REHEARSAL_OUTCOME.id)).map(({ outcome }) => outcome.endedAt);
    expect(ends).toEqual(['2026-06-04T10:00:00.000Z', '2026-06-05T10:00:00.000Z']);
  });

  describe.each([
    ['cut', (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)],
    ['changed', (text: string) => text.replace('"sig":"', '"sig":"A')],
    ['lengthened', (text: string) => `${text}{}\n`],
    ['no evidence any more', () => 'nothing'],
  ])('that was %s', (_, change) => {
    it('is refused', async () => {
      const store = evidenceFolder(root);
      await store.put(RELEASE, FACTS);
      const [name = ''] = await files();
      const path = join(root, 'evidence', name);
      await writeFile(path, change(await readFile(path, 'utf8')));
      await expect(store.ofWorkflow(RELEASE.id)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' });
      await expect(store.ofPackage(RELEASE.package.digest)).rejects.toMatchObject({
        code: 'EVIDENCE_INVALID',
      });
    });
  });

  it('refuses a file that was renamed to another workflow', async () => {
    const store = evidenceFolder(root);
    await store.put(RELEASE, FACTS);
    const [name = ''] = await files();
    await rename(join(root, 'evidence', name), join(root, 'evidence', name.replace('osmxz2', 'aaaaaa')));
    await expect(store.ofWorkflow('release-one-roof-governance-aaaaaa')).rejects.toThrow(/promises id/);
  });

  it('does not read what lies there half-written', async () => {
    const store = evidenceFolder(root);
    await store.put(RELEASE, FACTS);
    const [name = ''] = await files();
    await appendFile(join(root, 'evidence', `.${name}`), 'half');
    expect(await store.ofWorkflow(RELEASE.id)).toHaveLength(1);
    await unlink(join(root, 'evidence', `.${name}`));
  });

  function files(): Promise<string[]> {
    return readdir(join(root, 'evidence'));
  }
});
