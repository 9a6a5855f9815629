import { appendFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../../src/package/store';
import { failureOf, freshFolder, sampleFiles } from './sample';

const NOBODY = '0'.repeat(64);

describe('a store', () => {
  it('gives a package back by its digest', async () => {
    const { store } = await freshStore();
    const files = sampleFiles({ 'deep/in/é.sql': 'select 1' });
    const digest = await store.putPackage(files);
    const pkg = await store.readPackage(digest);
    expect(pkg.ref.digest).toBe(digest);
    expect([...pkg.files].sort()).toEqual([...files].sort());
  });

  it('takes the same package twice, and from many at once, and leaves no draft', async () => {
    const { store, root } = await freshStore();
    const digests = await Promise.all(Array.from({ length: 8 }, () => store.putPackage(sampleFiles())));
    expect(new Set([...digests, await store.putPackage(sampleFiles())]).size).toBe(1);
    expect(await readdir(join(root, 'packages'))).toEqual([digests[0]]);
    expect(await readdir(join(root, 'drafts'))).toEqual([]);
  });

  it('takes no package that is not what its manifest says', async () => {
    const { store, root } = await freshStore();
    const files = sampleFiles().set('10.sql', Buffer.from('x'));
    expect(await failureOf(() => store.putPackage(files))).toMatch(/^MANIFEST_MISMATCH/);
    expect(await readdir(root)).toEqual([]);
  });

  it('says so when it has no such package', async () => {
    const { store } = await freshStore();
    expect(await failureOf(() => store.readPackage(NOBODY))).toMatch(/^PACKAGE_NOT_STORED/);
    expect(await failureOf(() => store.readPackage('../../etc'))).toMatch(/^PACKAGE_NOT_STORED/);
  });

  it('gives nothing back that was changed in it, and does not take that for stored', async () => {
    const { store, root } = await freshStore();
    const digest = await store.putPackage(sampleFiles());
    await appendFile(join(root, 'packages', digest, '10.sql'), '-- changed');
    expect(await failureOf(() => store.readPackage(digest))).toMatch(/^MANIFEST_MISMATCH: .*10\.sql/);
    expect(await failureOf(() => store.putPackage(sampleFiles()))).toMatch(/^MANIFEST_MISMATCH/);
  });

  it('gives no whole package back under the digest of another', async () => {
    const { store, root } = await freshStore();
    const digest = await store.putPackage(sampleFiles());
    await rm(join(root, 'packages', digest), { recursive: true });
    const other = await store.putPackage(sampleFiles({ '10.sql': 'select 1' }));
    await mkdir(join(root, 'packages', digest));
    for (const [path, bytes] of (await store.readPackage(other)).files) {
      await writeFile(join(root, 'packages', digest, path), bytes);
    }
    expect(await failureOf(() => store.readPackage(digest))).toMatch(/^MANIFEST_MISMATCH: .* holds package/);
  });

  it('gives a document back by its SHA-256, which does not depend on the order of keys', async () => {
    const { store } = await freshStore();
    const sha256 = await store.putDocument({ b: [1, { d: null, c: 'é' }], a: true, gone: undefined });
    expect(await store.putDocument({ a: true, b: [1, { c: 'é', d: null }] })).toBe(sha256);
    expect(await store.readDocument(sha256)).toEqual({ a: true, b: [1, { c: 'é', d: null }] });
  });

  it('gives no document back that was changed, until it is put again', async () => {
    const { store, root } = await freshStore();
    const sha256 = await store.putDocument({ a: 1 });
    await writeFile(join(root, 'documents', `${sha256}.json`), '{"a":2}');
    expect(await failureOf(() => store.readDocument(sha256))).toMatch(
      /^STORE_FAILED: document .* now has SHA-256/,
    );
    await store.putDocument({ a: 1 });
    expect(await store.readDocument(sha256)).toEqual({ a: 1 });
    expect(await failureOf(() => store.readDocument(NOBODY))).toMatch(/^STORE_FAILED/);
  });

  it('takes no number that JSON has no word for', async () => {
    const { store } = await freshStore();
    await expect(store.putDocument({ a: NaN })).rejects.toThrow('NaN cannot be stored as JSON');
  });

  it('has room for big things, for its owner alone, and takes it back', async () => {
    const { store } = await freshStore();
    const place = await store.scratch('reh-1.dump');
    await writeFile(join(place, 'toc.dat'), '');
    expect(await store.scratch('reh-1.dump')).toBe(place);
    expect((await stat(place)).mode & 0o077).toBe(0);
    await store.removeScratch('reh-1.dump');
    await store.removeScratch('reh-1.dump');
    expect(await failureOf(() => stat(place).catch(() => undefined))).toBe('no failure');
    for (const name of ['../x', '', '.', '..', 'a/b']) {
      expect(await failureOf(() => store.scratch(name))).toMatch(/^STORE_FAILED/);
    }
  });

  it('says in its own words that it cannot be written', async () => {
    const root = join(await freshFolder(), 'file');
    await writeFile(root, '');
    expect(await failureOf(() => folderStore(root).putDocument({}))).toMatch(/^STORE_FAILED: document/);
    expect(await failureOf(() => folderStore(root).putPackage(sampleFiles()))).toMatch(
      /^STORE_FAILED: package/,
    );
  });
});

async function freshStore() {
  const root = await freshFolder();
  return { root, store: folderStore(root) };
}
