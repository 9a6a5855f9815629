import { branchesOf } from '../../src/package/check-branches';
import { cutReads } from '../../src/package/statements';

async function cut(text: string) {
  const [statement] = await cutReads({ path: 'verify.sql', bytes: Buffer.from(text) });
  return statement === undefined ? [] : await branchesOf(statement);
}

describe('the branches of a check file', () => {
  it('are cut at the outermost `union all`, each an exact slice with its line and the name of its check', async () => {
    const text = `select 'one' as "check", true as ok, '' as detail\n\nunion all\nselect 'two', (select true union all select false limit 1), ''\nUNION  ALL select 'é' || x, true, '' from t`;
    const branches = await cut(text);
    expect(branches.map(({ check, line }) => [check, line])).toEqual([
      ['one', 1],
      ['two', 4],
      [undefined, 5],
    ]);
    for (const branch of branches) expect(text).toContain(branch.text);
    expect(branches[1]?.text.trim()).toBe(`select 'two', (select true union all select false limit 1), ''`);
  });

  it.each([
    [
      'a common table',
      `with w as (select 1) select 'a', true, '' from w union all select 'b', true, '' from w`,
    ],
    ['an order', `select 'a' as "check", true, '' union all select 'b', true, '' order by 1`],
    [
      'another set operation',
      `select 'a', true, '' union all select 'b', true, '' except select 'c', true, ''`,
    ],
    ['a union that drops what is twice', `select 'a', true, '' union select 'b', true, ''`],
  ])('are one where %s binds them', async (_, text) => {
    expect(await cut(text)).toEqual([{ text, line: 1, check: undefined }]);
  });

  it('are not taken apart inside of strings and comments', async () => {
    const text = `select 'a union all b', true, '' /* union all */`;
    expect(await cut(text)).toHaveLength(1);
  });
});
