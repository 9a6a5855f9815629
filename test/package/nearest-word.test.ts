import { nearestWord } from '../../src/package/nearest-word';

describe('the word that was probably meant', () => {
  it.each([
    ['chekc', 'check'],
    ['cehck', 'check'],
    ['prodution', 'production'],
    ['Production', 'production'],
    ['protectd', 'protected'],
    ['retyr', 'retry'],
    ['mdd', 'md'],
  ])('of %s is %s: swapped, missing, doubled letters', (word, meant) => {
    expect(nearestWord(word, ['check', 'production', 'protected', 'retry', 'rollback', 'md'])).toBe(meant);
  });

  it('is none where none is near', () => {
    expect(nearestWord('list', ['check', 'retry'])).toBeUndefined();
    expect(nearestWord('', ['check'])).toBeUndefined();
  });

  it('is the nearest of several', () => {
    expect(nearestWord('apply', ['apple', 'apply'])).toBe('apply');
  });
});
