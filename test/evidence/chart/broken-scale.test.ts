import fc from 'fast-check';
import { brokenScale } from '../../../src/evidence/chart/broken-scale';

const WEEKS = 21 * 86_400_000;

describe('a time axis', () => {
  it('is as long as the time where nothing is waited for', () => {
    const scale = brokenScale({ from: 0, to: 1000 }, []);
    expect([0, 250, 1000].map(scale.at)).toEqual([0, 25, 100]);
    expect(scale.gaps).toEqual([]);
  });

  it('leaves two seconds of work readable around a wait of three weeks', () => {
    const wait = { from: 1000, to: 1000 + WEEKS };
    const scale = brokenScale({ from: 0, to: WEEKS + 2000 }, [wait]);
    const [before, after] = [scale.at(1000), 100 - scale.at(1000 + WEEKS)];
    expect(before).toBeGreaterThan(30);
    expect(after).toBeCloseTo(before);
    expect(scale.gaps).toHaveLength(1);
  });

  it('does not cut a wait that is short beside the work', () => {
    const scale = brokenScale({ from: 0, to: 1000 }, [{ from: 400, to: 600 }]);
    expect(scale.gaps).toEqual([]);
    expect(scale.at(500)).toBe(50);
  });

  it('leaves most of the axis to the work, however many waits are cut', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ from: n * WEEKS, to: (n + 1) * WEEKS - 1000 }));
    const { gaps } = brokenScale({ from: WEEKS - 1000, to: 9 * WEEKS }, waits);
    expect(gaps).toHaveLength(8);
    expect(gaps.reduce((sum, { left, right }) => sum + right - left, 0)).toBeLessThan(41);
  });

  it('shows a run that has done nothing but wait', () => {
    const { at } = brokenScale({ from: 0, to: WEEKS }, [{ from: 0, to: WEEKS }]);
    expect([at(0), at(WEEKS)]).toEqual([0, 100]);
  });

  it('never goes back, and stays between its ends', () => {
    const moment = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, moment)), fc.array(moment), (pairs, moments) => {
        const waits = pairs.map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
        const { at } = brokenScale({ from: 0, to: 1_000_000 }, waits);
        const places = [...moments].sort((one, other) => one - other).map(at);
        expect(places.every((place) => place >= 0 && place <= 100.000001)).toBe(true);
        expect(places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0) - 1e-9)).toBe(
          true,
        );
      }),
    );
  });
});
