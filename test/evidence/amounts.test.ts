import { bytes, count, counted, duration } from '../../src/evidence/amounts';

describe('amounts, as people read them', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [1_250, '1.3 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '60 min 0 s'],
    [3 * 3_600_000, '3 h 0 min'],
    [75 * 3_600_000, '3 d 3 h'],
  ])('%s ms took %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [43_008, '43.0 kB'],
    [-2_000_000, '-2.0 MB'],
  ])('%s bytes are %s', (value, words) => {
    expect(bytes(value)).toBe(words);
  });

  it('are counted', () => {
    expect([counted(1, 'tier'), counted(2, 'tier'), count(1_234_567)]).toEqual([
      '1 tier',
      '2 tiers',
      '1,234,567',
    ]);
  });
});
