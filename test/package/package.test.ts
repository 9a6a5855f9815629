import { appendFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, manifestOf } from '../../src/package/manifest';
import {
  bytesOf,
  loadPackage,
  openPackage,
  plannedFile,
  readStatementsOf,
  statementsOf,
} from '../../src/package/package';
import { failureOf, folderOf, sampleFiles, samplePackage, sampleText } from './sample';

describe('a package', () => {
  it('is named by its digest, whatever its name and version are', () => {
    const files = sampleFiles();
    expect(loadPackage(files).ref).toEqual({
      name: 'sample',
      version: '1',
      digest: digestOf(manifestOf(files)),
    });
  });

  it('has the digest of the manifest that it brought, binary mode and all', () => {
    const files = sampleText();
    const manifest = manifestOf(files).replaceAll('  ', ' *');
    files.set('manifest-sha256.txt', Buffer.from(manifest));
    expect(loadPackage(files).ref.digest).toBe(digestOf(manifest));
  });

  it('is refused where a file is not what the manifest says, all such files named', async () => {
    const files = sampleFiles();
    files.set('10.sql', Buffer.from('drop table first')).set('extra.sql', Buffer.from('')).delete('20.sql');
    const said = await failureOf(() => loadPackage(files));
    expect(said).toMatch(/^MANIFEST_MISMATCH: the package: 10\.sql has SHA-256 \w+, the manifest says \w+; /);
    expect(said).toMatch(
      /20\.sql is in the manifest, but not in the folder; extra\.sql is not in the manifest$/,
    );
  });

  it('is refused without a manifest and without a descriptor', async () => {
    expect(await failureOf(() => loadPackage(sampleText()))).toMatch(
      /^MANIFEST_MISMATCH: .*there is no manifest/,
    );
    expect(await failureOf(() => loadPackage(new Map()))).toBe('PACKAGE_MISSING: there is no release.yaml');
  });

  it('is refused with a link in its folder, even to the right bytes', async () => {
    const root = await folderOf(sampleFiles());
    expect((await openPackage(root)).ref.name).toBe('sample');
    const other = await folderOf(sampleFiles());
    await rm(join(root, '10.sql'));
    await symlink(join(other, '10.sql'), join(root, '10.sql'));
    expect(await failureOf(() => openPackage(root))).toContain(
      'MANIFEST_MISMATCH: the package: 10.sql is a symbolic link',
    );
  });

  it('stays what was read when the folder changes afterwards', async () => {
    const root = await folderOf(sampleFiles());
    const pkg = await openPackage(root);
    await appendFile(join(root, '10.sql'), 'drop table first;');
    expect(await statementsOf(pkg, plannedFile(pkg, '10.sql'))).toHaveLength(2);
  });
});

describe('no byte is executed that was not approved', () => {
  it('not one that changed in memory', async () => {
    const pkg = samplePackage();
    const file = plannedFile(pkg, '10.sql');
    pkg.files.get('10.sql')?.write('drop  ');
    expect(await failureOf(() => bytesOf(pkg, file))).toMatch(
      /^MANIFEST_MISMATCH: sample: 10\.sql has SHA-256/,
    );
    expect(await failureOf(() => statementsOf(pkg, file))).toMatch(/^MANIFEST_MISMATCH/);
  });

  it('not one of another plan, though it is in the package', async () => {
    const pkg = samplePackage();
    const other = plannedFile(samplePackage({ '10.sql': 'select 1' }), '10.sql');
    expect(await failureOf(() => statementsOf(pkg, other))).toMatch(/^MANIFEST_MISMATCH/);
    const probe = { ...plannedFile(pkg, 'probe.sql'), path: 'preflight.sql' };
    expect(await failureOf(() => readStatementsOf(pkg, probe))).toMatch(/^MANIFEST_MISMATCH/);
  });

  it('not one that the plan names and the manifest does not', async () => {
    const pkg = samplePackage();
    const swapped = samplePackage({ '10.sql': 'drop table first' });
    const file = plannedFile(swapped, '10.sql');
    expect(await failureOf(() => statementsOf({ ...pkg, files: swapped.files }, file))).toMatch(
      /^MANIFEST_MISMATCH/,
    );
  });

  it('not one of a file that is not there', async () => {
    const pkg = samplePackage();
    expect(await failureOf(() => plannedFile(pkg, 'other.sql'))).toBe(
      'MANIFEST_MISMATCH: sample: other.sql is not in the manifest',
    );
    const file = { ...plannedFile(pkg, '10.sql'), path: 'other.sql' };
    expect(await failureOf(() => bytesOf(pkg, file))).toBe(
      'MANIFEST_MISMATCH: sample: other.sql is not in the package',
    );
  });
});
