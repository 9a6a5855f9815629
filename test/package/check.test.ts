import { join } from 'node:path';
import { auditFolder } from '../../src/package/audit';
import { checkFiles, checkPackage } from '../../src/package/check';
import { openPackage } from '../../src/package/package';
import { planOf } from '../../src/package/plan';
import { SAMPLE, descriptorWith, folderOf, sampleFiles, sampleText } from './sample';

describe('a check', () => {
  it('counts what each tier would execute', async () => {
    const check = await checkPackage(await folderOf(sampleFiles()));
    expect(check).toMatchObject({ ok: true, problems: [], scopes: ['full', 'part', 'late'] });
    expect(check.tiers).toEqual([
      { id: '10_first', statements: 2, rollback: 1 },
      { id: '20_second', statements: 1, rollback: 1 },
      { id: '30_third', statements: 1, rollback: null },
    ]);
    expect(check.warnings).toEqual(['tier 30_third cannot be rolled back: what was sent is sent']);
  });

  it('lists all problems of all files, not the first one', async () => {
    const { ok, problems } = await checkFiles(
      sampleFiles({
        '10.sql': 'commit',
        '30.sql': 'selct',
        'probe.sql': 'delete from t',
        'preflight.sql': '',
      }),
    );
    expect(ok).toBe(false);
    expect(problems.map(({ code, message }) => `${code} ${message.split('\n')[0] ?? ''}`)).toEqual([
      expect.stringContaining('SQL_REFUSED 10.sql:1:1: transaction control'),
      'SQL_REFUSED 30.sql:1:1: syntax error at or near "selct"',
      'SQL_REFUSED preflight.sql holds no SELECT: it would check nothing',
      expect.stringContaining('SQL_REFUSED probe.sql:1:1: DELETE in a file'),
    ]);
  });

  it('says what is wrong with a descriptor, a missing file included', async () => {
    const { ok, package: ref, problems } = await checkFiles(sampleFiles({ '30.sql': null }));
    expect({ ok, ref, code: problems[0]?.code }).toEqual({
      ok: false,
      ref: null,
      code: 'DESCRIPTOR_INVALID',
    });
    expect(problems[0]?.message).toBe(
      'release.yaml:14:12: 30.sql applies tier 30_third, but is not in the package; did you mean 10.sql?',
    );
    expect((await checkFiles(new Map())).problems[0]?.code).toBe('PACKAGE_MISSING');
  });

  it('warns of what is probably not meant', async () => {
    const release = descriptorWith('expect: { rows: 2 }', 'expect: { roes: 2 }').replace(
      '    approvals:\n      dba: 1 of [dba-a, dba-b]\n',
      '',
    );
    const rollback = `delete from first;\n${SAMPLE['rollback.sql'] ?? ''}-- one-roof: rollback 99_other\n`;
    const { ok, warnings } = await checkFiles(
      sampleFiles({ 'release.yaml': release, '30.sql': '-- later', 'rollback.sql': rollback }),
    );
    expect(ok).toBe(true);
    expect(warnings).toEqual([
      '20_second expects metric roes, which baseline.metrics does not declare',
      'gate start asks for nothing: it is always open',
      'tier 30_third cannot be rolled back: what was sent is sent',
      'tier 30_third holds no statement',
      'rollback.sql:1: stands before the first section and is never run',
      'rollback.sql:6: no tier 99_other uses this section; it is never run',
    ]);
  });

  it('needs no manifest, but says that there is none, or an old one', async () => {
    expect((await checkFiles(sampleText())).warnings.at(-1)).toContain('there is no manifest-sha256.txt yet');
    const files = sampleFiles().set('10.sql', Buffer.from('select 1'));
    const check = await checkFiles(files);
    expect(check.ok).toBe(true);
    expect(check.warnings.at(-1)).toContain('manifest-sha256.txt is not that of these files');
  });
});

const GOVERNANCE = join(__dirname, '../../sql/one-roof-governance');

describe('the package of One-Roof governance', () => {
  it('is what its manifest says, holds nothing that is refused, and can be planned in every scope', async () => {
    expect((await auditFolder(GOVERNANCE)).findings).toEqual([]);
    const check = await checkPackage(GOVERNANCE);
    expect(check.problems).toEqual([]);
    const pkg = await openPackage(GOVERNANCE);
    for (const scope of check.scopes) expect((await planOf(pkg, scope)).tiers.length).toBeGreaterThan(0);
  });
});
