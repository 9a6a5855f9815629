import { z } from 'zod';
import { Duration } from './name';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const Zone = z
  .string()
  .refine(isZone, { message: 'no time zone that is known here: `Europe/Berlin`, `UTC`' })
  .default('UTC');

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day: "20:00"');

/** A day, or a minute of it, in the zone beside it; or a moment with an offset of its own. */
const Moment = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/,
    'a day or a time: 2026-12-18, 2026-12-18T20:00, 2026-12-18T20:00Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text.replace(' ', 'T'))), { message: 'no day of the calendar' });

/** A moment with its offset. */
const Instant = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/,
    'a moment with its offset: 2026-12-18T20:00Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text.replace(' ', 'T'))), { message: 'no day of the calendar' });

/** When a release may run, by the clock on somebody's wall: on days of the week, or by cron. */
export const Window = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).optional().describe('The days on which it begins; every day.'),
    from: Clock.optional().describe('When it begins: "20:00".'),
    to: Clock.optional().describe('When it ends; where that is not later than `from`, on the next day.'),
    cron: z
      .string()
      .regex(/^\S+ +\S+ +\S+ +\S+ +\S+$/, 'five fields, minute first: "0 20 * * mon-thu"')
      .optional()
      .describe('In place of days and hours, when it begins: "0 20 * * mon-thu".'),
    for: Duration.optional().describe('How long it is, where it begins by `cron`.'),
    zone: Zone.describe('The time zone of all of it.'),
  })
  .refine(
    ({ days, from, to, cron, for: length }) =>
      cron === undefined
        ? from !== undefined && to !== undefined && length === undefined
        : length !== undefined && days === undefined && from === undefined && to === undefined,
    { message: 'give `from` and `to` (and `days`), or `cron` and `for`' },
  );
export type Window = z.infer<typeof Window>;

/** When no release may run, whatever the windows say. */
export const Freeze = z.strictObject({
  from: Moment.describe('Its first day, or the moment at which it begins.'),
  to: Moment.describe('Its last day, or the moment at which it ends.'),
  zone: Zone.describe('The time zone of both, where they have none.'),
  reason: z.string().min(1).describe('Why; whoever is held is told.'),
});
export type Freeze = z.infer<typeof Freeze>;

/** When a release may apply tiers. A policy's and a package's both hold. */
export const Calendar = z.strictObject({
  windows: z.array(Window).min(1).optional().describe('Tiers are begun in one of these alone.'),
  freezes: z.array(Freeze).optional().describe('No tier is begun in any of these.'),
  notBefore: Instant.optional().describe('No tier is begun before it: 2026-12-18T20:00Z.'),
});
export type Calendar = z.infer<typeof Calendar>;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
