import { CHECKOUT } from '../support/temporal';
import { chaos } from './harness';
import { progressLine } from './report';
import { KINDS } from './run/kinds';
import { planRuns } from './run/plan';
import { POINTS } from './run/points';

jest.setTimeout(300_000);

describe('a short run of the chaos harness', () => {
  it('hits its crash points and finds no violation', async () => {
    const said: string[] = [];
    const results = await chaos({
      runs: 6,
      seed: 11,
      lanes: 1,
      build: CHECKOUT,
      wish: { kind: /^(pg_terminate|network cut|immediate|a stranger|SIGKILL of the Temporal|approvals d)/ },
      untilViolation: false,
      tell: (result) => said.push(progressLine(result)),
    });
    expect([said.join('\n'), results.flatMap(({ violations }) => violations)]).toEqual([
      expect.anything(),
      [],
    ]);
    expect(
      results.flatMap(({ struck }) => struck).filter(({ isHit }) => isHit).length,
    ).toBeGreaterThanOrEqual(6);
  });

  it('is decided by its seed', () => {
    const first = (seed: number): readonly unknown[] => take(planRuns(seed), 20);
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
  });

  it('deals every crash point at least five times in 300 runs, with every kind of fault', () => {
    const faults = take(planRuns(1), 300).flatMap((plan) => plan.faults);
    const times = (name: string): number => faults.filter(({ point }) => point.name === name).length;
    expect(POINTS.length).toBeGreaterThanOrEqual(46);
    expect(Math.min(...POINTS.map(({ name }) => times(name)))).toBeGreaterThanOrEqual(5);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(KINDS));
  });
});

function take<T>(from: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  for (const each of from) if (taken.push(each) === count) break;
  return taken;
}
