import { breakGlassFile } from '../../src/core/rules/break-glass';

const SHA = { one: '1'.repeat(64), two: '2'.repeat(64), three: '3'.repeat(64) };
const TIERS = [
  { id: '10_one', sha256: SHA.one, isInScope: true },
  { id: '20_two', sha256: SHA.two, isInScope: true },
  { id: '30_three', sha256: SHA.three, isInScope: false },
];

function begins(direction: string, ...shas: readonly string[]): string {
  return shas
    .map((sha) => `select one_roof.break_glass_tier_begin(:claim, :'tier', '${direction}', '${sha}');\n`)
    .join('');
}

describe('a break-glass file', () => {
  it.each(['apply', 'rollback'] as const)('is one that does %s, by what it tells the ledger', (direction) => {
    expect(breakGlassFile('x.sql', begins(direction, SHA.one, SHA.two), TIERS)).toEqual({
      path: 'x.sql',
      direction,
      isTelling: false,
      missing: [],
      beyond: [],
    });
  });

  it.each([
    ['tells the ledger nothing', `create table t ();`],
    ['tells it in a comment alone', `-- ${begins('apply', SHA.one)}`],
    ['does both', begins('apply', SHA.one) + begins('rollback', SHA.two)],
    ['does neither', begins('sideways', SHA.one)],
  ])('that %s is of no known direction', (_, text) => {
    expect(breakGlassFile('x.sql', text, TIERS).direction).toBeNull();
  });

  it('is known by the bytes that it names: what it lacks of the scope, what it takes beyond it', () => {
    const text = `-- once it was ${SHA.two}\n${begins('apply', SHA.one, SHA.three)}`;
    expect(breakGlassFile('x.sql', text, TIERS)).toMatchObject({ missing: ['20_two'], beyond: ['30_three'] });
  });

  it.each([
    ['\\echo :tier applied', true],
    ['\\echo :tier rolled back', true],
    ['\\echo done', false],
  ])('with %s prints a line for each tier: %s', (line, isTelling) => {
    expect(breakGlassFile('x.sql', `${begins('apply', SHA.one)}${line}\n`, TIERS)).toMatchObject({
      isTelling,
    });
  });
});
