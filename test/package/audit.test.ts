import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, link, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditFolder, auditOf } from '../../src/package/audit';
import { digestOf, manifestOf } from '../../src/package/manifest';
import { sha256Of } from '../../src/package/sha256';
import { failureOf, folderOf, freshFolder, sampleFiles } from './sample';

describe('an audit', () => {
  it('finds nothing in a folder that is what its manifest says', async () => {
    const files = sampleFiles();
    const audit = await auditFolder(await folderOf(files));
    expect(audit).toMatchObject({
      ok: true,
      digest: digestOf(manifestOf(files)),
      files: files.size,
      findings: [],
    });
  });

  it('names a file that has changed, one that is missing and one that is not listed', async () => {
    const root = await folderOf(sampleFiles());
    await appendFile(join(root, '10.sql'), ' ');
    await rm(join(root, '20.sql'));
    await writeFile(join(root, '.hidden'), '');
    expect(await found(root)).toEqual(['.hidden unlisted', '10.sql changed', '20.sql missing']);
  });

  it('says that a descriptor gives a part to a file that is nowhere', async () => {
    expect(await found(await folderOf(sampleFiles({ '30.sql': null })))).toEqual(['30.sql missing']);
  });

  it('tells what is executed, in which part and with which bytes, and what is only carried along', () => {
    const files = sampleFiles();
    files.set('notes.md', Buffer.from('read me'));
    files.set('manifest-sha256.txt', Buffer.from(manifestOf(files)));
    const { ok, executed, idle } = auditOf({ files, oddities: [] });
    expect([ok, idle]).toEqual([true, ['notes.md']]);
    const tier = executed.find(({ path }) => path === '10.sql');
    expect(tier).toMatchObject({ use: 'apply', sha256: sha256Of(files.get('10.sql') ?? '') });
    expect(executed.every(({ path, sha256 }) => sha256 === sha256Of(files.get(path) ?? ''))).toBe(true);
  });

  it('says of a file that is executed and not listed what it would do', () => {
    const files = sampleFiles();
    const lines = manifestOf(files).split('\n');
    files.set(
      'manifest-sha256.txt',
      Buffer.from(lines.filter((line) => !line.endsWith('10.sql')).join('\n')),
    );
    const { findings, executed } = auditOf({ files, oddities: [] });
    expect(findings).toMatchObject([{ path: '10.sql', kind: 'unlisted' }]);
    expect(findings[0]?.message).toMatch(/^is not in the manifest, and applies tier /);
    expect(executed.find(({ path }) => path === '10.sql')?.sha256).toBeNull();
  });

  it.each(['10.sql', '20.sql', 'release.yaml'])(
    'sees a changed byte of %s, as sha256sum -c does',
    async (path) => {
      const root = await folderOf(sampleFiles());
      const check = () =>
        spawnSync('sha256sum', ['--strict', '-c', 'manifest-sha256.txt'], { cwd: root }).status;
      expect([check(), await found(root)]).toEqual([0, []]);
      await appendFile(join(root, path), ' ');
      expect([check(), await found(root)]).toEqual([1, [`${path} changed`]]);
    },
  );

  it('does not follow a link, not even to the right bytes', async () => {
    const root = await folderOf(sampleFiles());
    const other = await folderOf(sampleFiles());
    await rm(join(root, '10.sql'));
    await symlink(join(other, '10.sql'), join(root, '10.sql'));
    await symlink(other, join(root, 'folder'));
    expect(await found(root)).toEqual(['10.sql symlink', 'folder symlink']);
  });

  it('names a file that has a second name outside', async () => {
    const root = await folderOf(sampleFiles());
    await link(join(root, '10.sql'), join(await freshFolder(), 'elsewhere.sql'));
    expect(await found(root)).toEqual(['10.sql hard link']);
  });

  it('neither waits for a pipe nor takes it for a file', async () => {
    const root = await folderOf(sampleFiles());
    execFileSync('mkfifo', [join(root, 'pipe.sql')]);
    expect(await found(root)).toEqual(['pipe.sql special file']);
  });

  it.each([
    '../outside.sql',
    '/etc/passwd',
    'a/../b.sql',
    'a\\b.sql',
    'a\u0007.sql',
    'a//b.sql',
    '1\u200B0.sql',
    '\u202Elqs.01',
    '10.sql.',
    '10.sql ',
    'a./b.sql',
  ])('names the unsafe path %j in a manifest', (path) => {
    const files = sampleFiles();
    const line = `${sha256Of('')}  ${path}\n`;
    files.set('manifest-sha256.txt', Buffer.from(manifestOf(files) + line));
    const kinds = auditOf({ files, oddities: [] }).findings.map(({ kind }) => kind);
    expect(kinds).toEqual(['missing', 'unsafe path']);
  });

  it('names two paths that are one elsewhere, by case or by the normal forms of Unicode', () => {
    const files = sampleFiles({ 'A/é.sql': '', 'a/é.sql': '', 'A/e\u0301.sql': '' });
    const { findings } = auditOf({ files, oddities: [] });
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['case twin', 'unicode twin']);
  });

  it.each([
    ['stra\u00DFe.sql', 'STRASSE.sql'],
    ['\u03C3.sql', '\u03C2.sql'],
    ['\uFB01x.sql', 'FIX.sql'],
    ['A/x.sql', 'a/x.sql'],
  ])('takes %s and %s for twins', (one, other) => {
    const { findings } = auditOf({ files: sampleFiles({ [one]: '', [other]: '' }), oddities: [] });
    expect(findings.map(({ kind }) => kind)).toEqual(['case twin']);
  });

  it('names malformed and duplicate lines', () => {
    const files = sampleFiles();
    const text = manifestOf(files);
    files.set('manifest-sha256.txt', Buffer.from(`${text}nonsense\n${text.split('\n')[0] ?? ''}\n`));
    const { ok, findings } = auditOf({ files, oddities: [] });
    expect(findings.map(({ kind }) => kind)).toEqual(['malformed line', 'duplicate line']);
    expect(ok).toBe(false);
  });

  it('has no digest where there is no manifest', () => {
    const files = sampleFiles();
    files.delete('manifest-sha256.txt');
    const { digest, findings } = auditOf({ files, oddities: [] });
    expect(digest).toBeNull();
    expect(findings[0]?.message).toBe('there is no manifest; `one-roof package manifest` writes it');
  });

  it('refuses what is no folder, and what is too large to be a package', async () => {
    expect(await failureOf(() => auditFolder('/nowhere/at/all'))).toMatch(/^PACKAGE_MISSING: \/nowhere/);
    const root = await folderOf(new Map([['big', Buffer.alloc(64 * 1024 * 1024 + 1)]]));
    expect(await failureOf(() => auditFolder(root))).toMatch(/^PACKAGE_MISSING: .*more than 64 MiB/);
    await rm(root, { recursive: true });
  });
});

async function found(root: string): Promise<string[]> {
  const { findings } = await auditFolder(root);
  return findings.map(({ path, kind }) => `${path} ${kind}`).sort();
}
