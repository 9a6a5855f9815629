import { rollbackSection } from '../../src/package/sections';
import { rollbackStatementsOf } from '../../src/package/package';
import { planOf } from '../../src/package/plan';
import { failureOf, samplePackage } from './sample';

describe('a rollback file', () => {
  it('gives a tier the bytes from its marker to the next one, or to the end', () => {
    const text = '-- é\n-- one-roof: rollback a\nselect 1;\n-- one-roof: rollback b\nselect 2;\n';
    expect(section(text, 'a')).toBe('-- one-roof: rollback a\nselect 1;\n');
    expect(section(text, 'b')).toBe('-- one-roof: rollback b\nselect 2;\n');
  });

  it('may have the line ends of Windows', () => {
    expect(section('-- one-roof: rollback a\r\nselect 1;\r\n', 'a')).toBe(
      '-- one-roof: rollback a\r\nselect 1;\r\n',
    );
  });

  it('is used whole where it has no marker and serves one tier', () => {
    expect(section('select 1;', 'a')).toBe('select 1;');
  });

  it('is refused where it has no marker and serves two', async () => {
    expect(await failureOf(() => section('select 1;', 'a', ['b']))).toBe(
      'DESCRIPTOR_INVALID: r.sql has no section `-- one-roof: rollback a`; without markers it can serve one tier alone, and b refer to it as well',
    );
  });

  it('is refused where it lacks the section of a tier', async () => {
    expect(await failureOf(() => section('-- one-roof: rollback b\n', 'a'))).toMatch(
      /^DESCRIPTOR_INVALID: r\.sql has no section .* it has sections for b$/,
    );
  });

  it('is refused where a section stands twice', async () => {
    const text = '-- one-roof: rollback a\n-- one-roof: rollback b\n-- one-roof: rollback a\n';
    expect(await failureOf(() => section(text, 'b'))).toBe(
      'DESCRIPTOR_INVALID: r.sql:3: the rollback of a stands again; it began in line 1',
    );
  });

  it.each([
    '--one-roof: rollback b',
    '-- one-roof:rollback b',
    '-- one-roof: roll back b',
    '  -- one-roof: rollback b',
    '-- one-roof: rollback b c',
    '-- one_roof: rollback b',
    '-- One-Roof: rollback b',
  ])('is refused for %j, which would leave its statements with the tier before', async (marker) => {
    const text = `-- one-roof: rollback a\nselect 1;\n${marker}\ndrop table b;\n`;
    expect(await failureOf(() => section(text, 'a'))).toMatch(
      /^DESCRIPTOR_INVALID: r\.sql:3: a marker must be exactly/,
    );
  });

  it('gives statements with the places of the whole file', async () => {
    const pkg = samplePackage();
    const [, second] = (await planOf(pkg, 'full')).tiers;
    if (second === undefined) throw new Error('the sample has a second tier');
    expect(await rollbackStatementsOf(pkg, second)).toEqual([
      {
        number: 1,
        text: 'delete from first where id = 2',
        line: 4,
        column: 1,
        offset: 81,
        kind: 'DeleteStmt',
      },
    ]);
  });

  it('has no statements to give for a tier that is irreversible', async () => {
    const pkg = samplePackage();
    const [tier] = (await planOf(pkg, 'late')).tiers.slice(1);
    if (tier === undefined) throw new Error('the sample has a third tier');
    expect(await failureOf(() => rollbackStatementsOf(pkg, tier))).toBe(
      'INTERNAL: tier 30_third is irreversible: what was sent is sent',
    );
  });

  it('is refused where a marker stands inside a statement, for neither half is SQL', async () => {
    const text = "-- one-roof: rollback 10_first\nselect '\n-- one-roof: rollback 20_second\n';";
    const pkg = samplePackage({ 'rollback.sql': text });
    expect(await failureOf(() => planOf(pkg, 'full'))).toMatch(
      /^SQL_REFUSED: rollback\.sql:2:8: unterminated/,
    );
  });
});

function section(text: string, tier: string, sharedWith: readonly string[] = []): string {
  const found = rollbackSection({ path: 'r.sql', bytes: Buffer.from(text) }, tier, sharedWith);
  return found.bytes.subarray(found.from, found.to).toString();
}
