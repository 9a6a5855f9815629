import { execFileSync } from 'node:child_process';
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
    expect(audit).toEqual({ ok: true, digest: digestOf(manifestOf(files)), files: files.size, findings: [] });
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

  it.each(['../outside.sql', '/etc/passwd', 'a/../b.sql', 'a\\b.sql', 'a\u0007.sql', 'a//b.sql'])(
    'names the unsafe path %j in a manifest',
    (path) => {
      const files = sampleFiles();
      const line = `${sha256Of('')}  ${path}\n`;
      files.set('manifest-sha256.txt', Buffer.from(manifestOf(files) + line));
      const kinds = auditOf({ files, oddities: [] }).findings.map(({ kind }) => kind);
      expect(kinds).toEqual(['missing', 'unsafe path']);
    },
  );

  it('names two paths that are one elsewhere, by case or by the normal forms of Unicode', () => {
    const files = sampleFiles({ 'A/é.sql': '', 'a/é.sql': '', 'A/e\u0301.sql': '' });
    const { findings } = auditOf({ files, oddities: [] });
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['case twin', 'unicode twin']);
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
