import { execFileSync } from 'node:child_process';
import { appendFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, manifestOf, parseManifest, writeManifest } from '../../src/package/manifest';
import { sha256Of } from '../../src/package/sha256';
import { failureOf, folderOf, sampleText } from './sample';

/** Names whose order differs between bytes, UTF-16 and every locale. */
const NAMES = ['b', 'B', 'a/z', 'a-z', 'é', 'zz', '\u{1F600}', '\uFF5E', '_', '10.sql', '9.sql'];

describe('a manifest', () => {
  it('is one line a file in the format of sha256sum, in the byte order of the paths, without itself', () => {
    const files = new Map(['b', 'a', 'manifest-sha256.txt'].map((path) => [path, Buffer.from(path)]));
    expect(manifestOf(files)).toBe(`${sha256Of('a')}  a\n${sha256Of('b')}  b\n`);
  });

  it('satisfies sha256sum -c', async () => {
    const root = await folderOf(new Map(NAMES.map((name) => [name, Buffer.from(name)])));
    await writeManifest(root);
    const said = execFileSync('sha256sum', ['-c', 'manifest-sha256.txt'], { cwd: root, encoding: 'utf8' });
    expect(said.trim().split('\n')).toHaveLength(NAMES.length);
  });

  it('has the digest that `LC_ALL=C sort | sha256sum` gives', async () => {
    const root = await folderOf(new Map(NAMES.map((name) => [name, Buffer.from(name)])));
    const { digest } = await writeManifest(root);
    expect(digest).toBe(shellDigest(root));
  });

  it('has the same digest in any order of lines and without its last newline', () => {
    const text = manifestOf(new Map(NAMES.map((name) => [name, Buffer.from(name)])));
    const shuffled = text.trimEnd().split('\n').reverse().join('\n');
    expect(digestOf(shuffled)).toBe(digestOf(text));
  });

  it('has the digest of the shell even where its lines are no text', async () => {
    const bytes = Buffer.from([0xff, 0x0a, 0x80, 0x0d, 0x0a, 0x0a, 0x41]);
    const root = await folderOf(new Map([['manifest-sha256.txt', bytes]]));
    expect(digestOf(bytes)).toBe(shellDigest(root));
  });

  it('is read in text and in binary mode', () => {
    const hash = sha256Of('x');
    const { sha256, problems } = parseManifest(`${hash}  with space.sql\n${hash} *b.sql\n`);
    expect([...sha256.keys()]).toEqual(['with space.sql', 'b.sql']);
    expect(problems).toEqual([]);
  });

  it('names its malformed and its duplicate lines', () => {
    const hash = sha256Of('x');
    const { problems } = parseManifest(`${hash}  a\n\n${hash} a\n${hash}  a\n${hash.toUpperCase()}  b\n`);
    expect(problems.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      '2 malformed line',
      '3 malformed line',
      '4 duplicate line',
      '5 malformed line',
    ]);
  });

  it('is written anew over an old one, which it does not list', async () => {
    const root = await folderOf(sampleText());
    const first = await writeManifest(root);
    await appendFile(join(root, '10.sql'), '-- changed\n');
    const second = await writeManifest(root);
    expect(second.digest).not.toBe(first.digest);
    expect(await readFile(join(root, 'manifest-sha256.txt'), 'utf8')).not.toContain('manifest');
  });

  it('is not written for a folder with links in it', async () => {
    const root = await folderOf(sampleText());
    await symlink('/etc/passwd', join(root, 'link.sql'));
    expect(await failureOf(() => writeManifest(root))).toMatch(
      /^MANIFEST_MISMATCH: .*link\.sql is a symbolic link/,
    );
  });
});

function shellDigest(root: string): string {
  const command = 'LC_ALL=C sort manifest-sha256.txt | sha256sum | cut -d" " -f1';
  return execFileSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' }).trim();
}
