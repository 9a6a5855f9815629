import { compareEnds } from '../../../src/core/rules/evaluation/compare-ends';
import type { CloneSpan } from '../../../src/core/rules/evaluation/compare-ends';
import type { Fingerprint } from '../../../src/core/schema/fingerprint';

/** Tables with their digests. */
function print(
  contents: Readonly<Record<string, string>>,
  objects: Fingerprint['objects'] = [],
): Fingerprint {
  return {
    objects,
    contents: Object.fromEntries(
      Object.entries(contents).map(([table, digest]) => [table, { rows: 1, digest }]),
    ),
    sequences: {},
  };
}

function span(entry: Readonly<Record<string, string>>, end: Readonly<Record<string, string>>): CloneSpan {
  return { entry: print(entry), end: print(end) };
}

describe('two ways to an end', () => {
  it('end alike where what their tiers have made is the same', () => {
    const { comparison, excused } = compareEnds(span({ t: '1' }, { t: '2' }), span({ t: '1' }, { t: '2' }));
    expect(comparison?.verdict).toBe('identical');
    expect(excused).toEqual([]);
  });

  it('leave out, by name, what production moved between the two clones and no tier has touched', () => {
    const { comparison, excused } = compareEnds(
      span({ issues: '1', t: '1' }, { issues: '1', t: '2' }),
      span({ issues: '9', t: '1' }, { issues: '9', t: '2' }),
    );
    expect(comparison?.verdict).toBe('identical');
    expect(excused).toEqual(['issues']);
  });

  it('excuse nothing that a tier of either has changed', () => {
    const { comparison } = compareEnds(span({ t: '1' }, { t: '2' }), span({ t: '9' }, { t: '9' }));
    expect(comparison?.verdict).toBe('different');
  });

  it('differ where the tiers have made something else', () => {
    const { comparison } = compareEnds(span({ t: '1' }, { t: '2' }), span({ t: '1' }, { t: '3' }));
    expect(comparison).toMatchObject({ verdict: 'different' });
    expect(comparison?.differences.join()).toContain('t');
  });

  it('differ where an object is of another form', () => {
    const view = (definition: string): Fingerprint =>
      print({}, [{ kind: 'view', name: 'public.v', definition }]);
    const { comparison } = compareEnds(
      { entry: print({}), end: view('select 1') },
      { entry: print({}), end: view('select 2') },
    );
    expect(comparison?.verdict).toBe('different');
  });
});
