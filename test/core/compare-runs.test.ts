import { compareRuns } from '../../src/core/rules/compare-runs';
import type { Fingerprint } from '../../src/core/schema/fingerprint';

describe('a rollback that did not give back what was there', () => {
  it('is not deterministic where two runs differ in just that', () => {
    const verdict = compareRuns({ before: made('1'), after: made('2'), again: made('3') });
    expect(verdict).toEqual({
      verdict: 'not deterministic',
      differences: ['column public.t.at: default 1 → 2'],
      more: 0,
    });
  });

  it('is different where something else differs as well, be it of the same object', () => {
    const runs = { before: made('1'), after: made('2', 'date'), again: made('3', 'date') };
    expect(compareRuns(runs)).toMatchObject({ verdict: 'different' });
  });

  it('is different where both runs agree', () => {
    const runs = { before: made('1'), after: made('2'), again: made('2') };
    expect(compareRuns(runs)).toMatchObject({ verdict: 'different' });
  });

  it('is not deterministic where rows have other values in each run, but as many of them', () => {
    const filled = (digest: string, rows = 1): Fingerprint => ({
      ...made('1'),
      contents: { 'public.t': { rows, digest: `columns:${digest}` } },
    });
    const [before, again] = [filled('a'), filled('c')];
    expect(compareRuns({ before, after: filled('b'), again })).toMatchObject({
      verdict: 'not deterministic',
    });
    expect(compareRuns({ before, after: filled('b', 2), again: filled('c', 2) })).toMatchObject({
      verdict: 'different',
    });
  });
});

/** A table whose column has this default. */
function made(value: string, type = 'timestamptz'): Fingerprint {
  const definition = `type: ${type}\ndefault: ${value}`;
  const objects = [
    { kind: 'table', name: 'public.t', definition: 'owner: o' },
    { kind: 'column', name: 'public.t.at', definition },
  ];
  return { objects, contents: {}, sequences: {} };
}
