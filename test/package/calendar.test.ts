import { Calendar } from '../../src/core/schema/calendar';
import { beginningOf, verifyCalendar } from '../../src/package/calendar';

const MINUTE = 60_000;

/** When something of so many minutes may begin, by the calendars of target and package. */
function begins(
  at: string,
  calendars: readonly object[],
  minutes = 1,
): { at: string | null; why: readonly string[] } {
  const owned = calendars.map((calendar, index) => ({
    of: ['production', 'the package'][index] ?? '',
    calendar: Calendar.parse(calendar),
  }));
  const { at: begin, why } = beginningOf(owned, { now: Date.parse(at), ms: minutes * MINUTE });
  return { at: begin === null ? null : new Date(begin).toISOString(), why };
}

const EVENINGS = {
  windows: [{ days: ['mon', 'tue', 'wed', 'thu'], from: '20:00', to: '23:30', zone: 'Europe/Berlin' }],
};
const NIGHTS = { windows: [{ from: '22:00', to: '04:00', zone: 'Europe/Berlin' }] };

describe('a calendar', () => {
  it('that says nothing is always open', () => {
    expect(begins('2026-11-24T12:00:00Z', [{}, {}])).toEqual({ at: '2026-11-24T12:00:00.000Z', why: [] });
  });

  it.each([
    ['in its window', '2026-11-24T19:30:00Z', '2026-11-24T19:30:00.000Z'],
    ['in the first moment of its window', '2026-11-24T19:00:00Z', '2026-11-24T19:00:00.000Z'],
    ['before its window, on the same day', '2026-11-24T12:00:00Z', '2026-11-24T19:00:00.000Z'],
    ['in the moment at which its window ends', '2026-11-24T22:30:00Z', '2026-11-25T19:00:00.000Z'],
    ['after the last window of the week', '2026-11-26T23:00:00Z', '2026-11-30T19:00:00.000Z'],
    ['where the clock is set to summer time meanwhile', '2027-03-27T12:00:00Z', '2027-03-29T18:00:00.000Z'],
  ])('of evenings is open %s', (_, now, at) => {
    expect(begins(now, [EVENINGS]).at).toBe(at);
  });

  it.each([
    ['after midnight', '2026-11-25T01:00:00Z', 1, '2026-11-25T01:00:00.000Z'],
    ['where the rest of the night is too short', '2026-11-25T01:00:00Z', 150, '2026-11-25T21:00:00.000Z'],
    [
      'on the night in which an hour is missing, too short by it',
      '2027-03-27T20:59:00Z',
      331,
      '2027-03-28T20:00:00.000Z',
    ],
    ['on the night in which an hour comes twice', '2026-10-24T19:00:00Z', 420, '2026-10-24T20:00:00.000Z'],
  ])('of nights is open %s', (_, now, minutes, at) => {
    expect(begins(now, [NIGHTS], minutes).at).toBe(at);
  });

  it('of a cron begins by it, for as long as it says', () => {
    const cron = { windows: [{ cron: '0 20 * * mon-thu', for: '2h' }] };
    expect(begins('2026-11-24T21:58:00Z', [cron], 2).at).toBe('2026-11-24T21:58:00.000Z');
    expect(begins('2026-11-24T21:58:00Z', [cron], 3).at).toBe('2026-11-25T20:00:00.000Z');
  });

  it('of windows that touch is one window', () => {
    const touching = {
      windows: [
        { from: '20:00', to: '21:00' },
        { from: '21:00', to: '22:00' },
      ],
    };
    expect(begins('2026-11-24T20:30:00Z', [touching], 80).at).toBe('2026-11-24T20:30:00.000Z');
  });

  it('says which window ends too early', () => {
    expect(begins('2026-11-24T22:00:00Z', [EVENINGS], 31)).toEqual({
      at: '2026-11-25T19:00:00.000Z',
      why: ['it would not end before 2026-11-24T22:30:00.000Z, when it must'],
    });
  });

  it('is closed in a freeze, up to the end of its last day, and says why', () => {
    const frozen = {
      freezes: [{ from: '2026-12-18', to: '2027-01-06', zone: 'Europe/Berlin', reason: 'the year ends' }],
    };
    expect(begins('2026-12-17T22:59:00Z', [frozen], 1).at).toBe('2026-12-17T22:59:00.000Z');
    expect(begins('2026-12-17T22:59:00Z', [frozen], 2).at).toBe('2027-01-06T23:00:00.000Z');
    expect(begins('2026-12-24T18:00:00Z', [frozen])).toEqual({
      at: '2027-01-06T23:00:00.000Z',
      why: ['production: frozen until 2027-01-06T23:00:00.000Z: the year ends'],
    });
  });

  it('keeps a moment that has its own offset', () => {
    const freezes = [
      { from: '2026-12-18T20:00+01:00', to: '2026-12-18 23:00', zone: 'Europe/Berlin', reason: 'a test' },
    ];
    expect(begins('2026-12-18T19:00:00Z', [{ freezes }]).at).toBe('2026-12-18T22:00:00.000Z');
  });

  it('holds together with the other one: the package may ask for more, never for less', () => {
    const late = { notBefore: '2026-11-25T22:00Z' };
    expect(begins('2026-11-24T19:30:00Z', [EVENINGS, late])).toEqual({
      at: '2026-11-25T22:00:00.000Z',
      why: ['the package: not before 2026-11-25T22:00Z'],
    });
    expect(begins('2026-11-24T12:00:00Z', [EVENINGS, { windows: [{ from: '00:00', to: '23:59' }] }]).at).toBe(
      '2026-11-24T19:00:00.000Z',
    );
  });

  it('says so where no window is long enough', () => {
    expect(begins('2026-11-24T19:30:00Z', [EVENINGS], 211)).toEqual({
      at: null,
      why: ['no window within 400 days is long enough'],
    });
  });
});

describe('what is no calendar', () => {
  it.each([
    ['a window of both kinds', { windows: [{ cron: '0 20 * * *', for: '1h', from: '20:00', to: '21:00' }] }],
    ['a window without an end', { windows: [{ from: '20:00' }] }],
    ['a cron without a length', { windows: [{ cron: '0 20 * * *' }] }],
    ['an hour that there is not', { windows: [{ from: '20:00', to: '24:00' }] }],
    ['a zone that there is not', { windows: [{ from: '20:00', to: '21:00', zone: 'Mars/Olympus' }] }],
    ['a freeze without a reason', { freezes: [{ from: '2026-12-18', to: '2026-12-19' }] }],
    ['a day that there is not', { freezes: [{ from: '2026-12-18', to: '2026-13-19', reason: 'x' }] }],
    ['a moment without an offset', { notBefore: '2026-12-18T20:00' }],
    ['no window at all', { windows: [] }],
  ])('%s is refused', (_, calendar) => {
    expect(Calendar.safeParse(calendar).success).toBe(false);
  });

  it.each([
    ['a minute that there is not', '61 * * * *', '1h', 'Invalid value for minute'],
    ['a day that never comes', '0 0 31 2 *', '1h', 'it never begins'],
    ['one longer than a week', '0 0 * * mon', '9d', 'is longer than eight days'],
  ])('a cron of %s is refused in words', (_, cron, length, words) => {
    const calendar = Calendar.parse({ windows: [{ cron, for: length }] });
    expect(() => verifyCalendar(calendar, 'targets.yaml: production', 'CONFIG_INVALID')).toThrow(words);
  });

  it('a freeze that ends before it begins is refused in words', () => {
    const calendar = Calendar.parse({
      freezes: [{ from: '2026-12-18', to: '2026-01-06', reason: 'the year ends' }],
    });
    expect(() => verifyCalendar(calendar, 'release.yaml', 'DESCRIPTOR_INVALID')).toThrow(
      'release.yaml: the freeze from 2026-12-18 ends before it begins: 2026-01-06',
    );
  });
});
