import { forbiddenDrift, judgeDrift, requiredEntry } from '../../src/core/rules/drift';
import { movedMetrics, unmetExpectations } from '../../src/core/rules/expectations';
import { isOpen } from '../../src/core/rules/gate-opens';
import { milliseconds } from '../../src/core/rules/milliseconds';
import { classifySqlState } from '../../src/core/rules/sqlstate';

describe('drift', () => {
  const rules = {
    gap: { entry: 210, exit: 0 },
    issues: { drift: 'organic' },
    labels: {},
    axis: { drift: { expected: 6 } },
  } as const;

  it('is judged as each metric declares it; forbidden where it declares nothing', () => {
    const drift = judgeDrift(
      rules,
      { gap: 210, issues: 5, labels: 9, axis: 0, other: 1 },
      { gap: 0, issues: 7, labels: 8, axis: 6, other: '1' },
    );
    expect(drift.map(({ metric, policy, verdict }) => [metric, policy, verdict])).toEqual([
      ['axis', 'expected: 6', 'as declared'],
      ['gap', 'expected: 0', 'as declared'],
      ['issues', 'organic', 'organic'],
      ['labels', 'forbidden', 'drift'],
      ['other', 'forbidden', 'as declared'],
    ]);
  });

  it('before anything has run is whatever moved and is not organic', () => {
    expect(forbiddenDrift(rules, { gap: 210, issues: 5 }, { gap: 209, issues: 6 })).toEqual([
      'gap went from 210 to 209',
    ]);
    expect(requiredEntry(rules)).toEqual({ gap: 210 });
  });
});

describe('expectations', () => {
  it('name what does not hold', () => {
    expect(unmetExpectations({ gap: 0, own: 30, axis: 6 }, { gap: 7, own: '30' })).toEqual([
      'gap is 7, expected 0',
      'axis is not in the probe, expected 6',
    ]);
    expect(movedMetrics(['gap', 'own'], { gap: 210, own: 0 }, { gap: 180, own: 0 })).toEqual([
      'gap moved from 210 to 180',
    ]);
  });
});

describe('a hard gate’s condition', () => {
  it.each([
    [1, '> 0', true],
    [0, '> 0', false],
    ['1', '>= 1', true],
    [null, '> 0', false],
    ['', '>= 0', false],
    ['many', '> 0', false],
    [-1, '<> 0', true],
    [2, '= 2.0', true],
    [1, '<= 0', false],
    [1, 'always', false],
  ])('%j opens %j: %s', (value, opens, open) => expect(isOpen(value, opens)).toBe(open));
});

describe('durations and SQLSTATEs', () => {
  it('are read as people write them', () => {
    expect(['500ms', '2s', '5m', '1h', '7d'].map(milliseconds)).toEqual([
      500, 2000, 300_000, 3_600_000, 604_800_000,
    ]);
    expect(() => milliseconds('soon')).toThrow(RangeError);
    expect(['55P03', '40P01', '08006', '57P01', '42501', '22012'].map(classifySqlState)).toEqual([
      'LOCK_TIMEOUT',
      'SERIALIZATION',
      'SESSION_LOST',
      'SESSION_LOST',
      'PRIVILEGE_MISSING',
      'STATEMENT_FAILED',
    ]);
  });
});
