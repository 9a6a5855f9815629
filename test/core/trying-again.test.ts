import { tryingAgain } from '../../src/core/rules/trying-again';

const NOW = Date.parse('2026-03-01T03:15:00Z');
const RETRY = { why: 'LOCK_TIMEOUT: held up by process 7', until: NOW + 9 * 60_000 };

describe('an attempt that is tried again', () => {
  it('says who is in the way, how long it goes on by itself, what then, and what is applied', () => {
    expect(tryingAgain(RETRY, { now: NOW, then: 'a person is asked', applied: ['10_a', '20_b'] })).toBe(
      'LOCK_TIMEOUT: held up by process 7; tried again by itself until 03:24:00 UTC (9 min left), then a person is asked; applied: 10_a, 20_b',
    );
    expect(tryingAgain(RETRY, { now: NOW, then: 'a person is asked', applied: [] })).toMatch(
      /applied: nothing$/,
    );
  });

  it('counts the last minutes in seconds, and never below none', () => {
    const left = (now: number): string => tryingAgain(RETRY, { now, then: 'it fails' });
    expect(left(RETRY.until - 90_000)).toContain('(90 s left), then it fails');
    expect(left(RETRY.until + 5_000)).toContain('(0 s left)');
  });
});
