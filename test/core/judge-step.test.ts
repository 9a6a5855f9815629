import { judgeStep } from '../../src/core/rules/judge-step';
import type { Fingerprint } from '../../src/core/schema/fingerprint';

describe('the finding on a step', () => {
  it('has a verdict on the schema, and one on the rows apart from it', () => {
    const [before, after] = [made('integer', 1), made('integer', 2)];
    expect(judgeStep({ before, after, again: after })).toEqual({
      verdict: 'identical',
      rows: 'different',
      differences: ['rows of public.t: 1 → 2'],
      more: 0,
    });
    const changed = made('text', 1);
    expect(judgeStep({ before, after: changed, again: changed })).toMatchObject({
      verdict: 'different',
      rows: 'identical',
      differences: ['column public.t.a: type integer → text'],
    });
  });

  it('takes the rows of a table that is missing for no difference of their own', () => {
    const before = made('integer', 1);
    const after: Fingerprint = { objects: [], contents: {}, sequences: {} };
    expect(judgeStep({ before, after, again: after })).toMatchObject({
      verdict: 'different',
      rows: 'identical',
    });
  });
});

/** A table with a column of this type and so many rows. */
function made(type: string, rows: number): Fingerprint {
  const objects = [
    { kind: 'table', name: 'public.t', definition: 'owner: o' },
    { kind: 'column', name: 'public.t.a', definition: `type: ${type}` },
  ];
  return { objects, contents: { 'public.t': { rows, digest: `a:${rows}` } }, sequences: {} };
}
