import { Cron } from 'croner';
import { milliseconds } from '../core/rules/milliseconds';
import { ReleaseError } from '../core/rules/release-error';
import type { Calendar, Freeze, Window } from '../core/schema/calendar';

/** A calendar and whose it is, in words: `production`, `the package`. */
export interface OwnedCalendar {
  readonly of: string;
  readonly calendar: Calendar;
}

/** When something that takes `ms` may begin: `at`, ms since 1970; null, not within the horizon. `why`: what holds it back now. */
export interface Beginning {
  readonly at: number | null;
  readonly why: readonly string[];
}

/** From the first millisecond, to the last one excluded, ms since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
/** Nobody's window or freeze is looked for beyond it. */
const HORIZONS_MS = [15 * DAY_MS, 400 * DAY_MS] as const;
/** A window that began so long ago may still be open. */
const LONGEST_WINDOW_MS = 8 * DAY_MS;
/** A cron that begins more often than this is looked at for a shorter time. */
const MOST_RUNS = 2_000;

/** The earliest moment from `now` on at which all calendars are open for `ms` without a break. */
export function beginningOf(
  calendars: readonly OwnedCalendar[],
  { now, ms }: { now: number; ms: number },
): Beginning {
  for (const horizon of HORIZONS_MS) {
    const range = { from: now, to: now + horizon };
    const spans = calendars.map(({ calendar }) => openSpans(calendar, range)).reduce(intersection, [range]);
    const fitting = spans.find(({ from, to }) => to - from >= ms);
    if (fitting === undefined) continue;
    if (fitting.from === now) return { at: now, why: [] };
    return { at: fitting.from, why: reasons(calendars, spans, now) };
  }
  return { at: null, why: [...reasons(calendars, [], now), 'no window within 400 days is long enough'] };
}

/** @throws CONFIG_INVALID or DESCRIPTOR_INVALID where a window never comes, or a freeze ends before it begins */
export function verifyCalendar(
  { windows = [], freezes = [] }: Calendar,
  of: string,
  code: 'CONFIG_INVALID' | 'DESCRIPTOR_INVALID',
): void {
  const empty = freezes.find((freeze) => spanOf(freeze).from >= spanOf(freeze).to);
  if (empty !== undefined)
    throw new ReleaseError(code, `${of}: the freeze from ${empty.from} ends before it begins: ${empty.to}`);
  for (const { cron, for: length, zone } of windows) {
    if (cron === undefined) continue;
    try {
      const never = new Cron(cron, { timezone: zone }).nextRun() === null;
      if (never) throw new Error('it never begins');
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new ReleaseError(code, `${of}: window "${cron}": ${words}`, { cause });
    }
    if (length !== undefined && milliseconds(length) > LONGEST_WINDOW_MS)
      throw new ReleaseError(code, `${of}: window "${cron}" is longer than eight days`);
  }
}

function reasons(
  calendars: readonly OwnedCalendar[],
  spans: readonly Span[],
  now: number,
): readonly string[] {
  const closed = calendars.flatMap(({ of, calendar }) =>
    closedBy(calendar, now).map((why) => `${of}: ${why}`),
  );
  const here = spans.find(({ from, to }) => from <= now && to > now);
  return here === undefined || closed.length > 0
    ? closed
    : [`it would not end before ${iso(here.to)}, when it must`];
}

function closedBy({ windows, freezes = [], notBefore }: Calendar, now: number): readonly string[] {
  const frozen = freezes.filter((freeze) => isIn(spanOf(freeze), now));
  const isOpen =
    windows === undefined || windows.some((window) => runsOf(window, { from: now, to: now + 1 }).length > 0);
  return [
    ...(notBefore !== undefined && instantOf(notBefore, 'UTC') > now ? [`not before ${notBefore}`] : []),
    ...frozen.map((freeze) => `frozen until ${iso(spanOf(freeze).to)}: ${freeze.reason}`),
    ...(isOpen ? [] : ['no window is open']),
  ];
}

function openSpans({ windows, freezes = [], notBefore }: Calendar, range: Span): readonly Span[] {
  const begins = notBefore === undefined ? range.from : instantOf(notBefore, 'UTC');
  const open = windows === undefined ? [range] : union(windows.flatMap((window) => runsOf(window, range)));
  const late = intersection(open, [{ from: Math.max(range.from, begins), to: range.to }]);
  return freezes.map(spanOf).reduce<readonly Span[]>(without, late);
}

/** The spans of a window that touch the range. */
function runsOf(window: Window, range: Span): readonly Span[] {
  const begins = new Cron(beginOf(window), { timezone: window.zone });
  const runs: Span[] = [];
  let at = begins.nextRun(new Date(range.from - LONGEST_WINDOW_MS));
  while (at !== null && at.getTime() < range.to && runs.length < MOST_RUNS) {
    const span = { from: at.getTime(), to: endOf(window, at) };
    if (span.to > range.from) runs.push(span);
    at = begins.nextRun(at);
  }
  return runs;
}

/** On days that a clock jumps over the hour it begins when the clock goes on. */
function beginOf({ cron, from = '', days }: Window): string {
  return cron ?? `${minuteAndHour(from)} * * ${days?.join(',') ?? '*'}`;
}

function endOf({ for: length, to = '', zone }: Window, begin: Date): number {
  if (length !== undefined) return begin.getTime() + milliseconds(length);
  return (
    new Cron(`${minuteAndHour(to)} * * *`, { timezone: zone }).nextRun(begin)?.getTime() ?? begin.getTime()
  );
}

/** `20:05` → `5 20` */
function minuteAndHour(clock: string): string {
  const [hour = '', minute = ''] = clock.split(':');
  return `${Number(minute)} ${Number(hour)}`;
}

/** A freeze that names its last day ends with that day. */
function spanOf({ from, to, zone }: Freeze): Span {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(to);
  const end = instantOf(to, zone);
  return { from: instantOf(from, zone), to: isDay ? instantOf(dayAfter(to), zone) : end };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

/** A day begins at midnight; a time without an offset is by the zone's clock. */
function instantOf(text: string, zone: string): number {
  const [day = '', time = '00:00'] = text.split(/[T ]/);
  if (/(Z|[+-]\d\d:\d\d)$/.test(time)) return Date.parse(`${day}T${time}`);
  const seconds = time.length === 5 ? ':00' : '';
  return new Cron(`${day}T${time}${seconds}`, { timezone: zone }).nextRun(new Date(0))?.getTime() ?? NaN;
}

/** Those that touch become one. */
function union(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.from - other.from);
  return sorted.reduce<readonly Span[]>((merged, span) => {
    const last = merged.at(-1);
    if (last === undefined || span.from > last.to) return [...merged, span];
    return [...merged.slice(0, -1), { from: last.from, to: Math.max(last.to, span.to) }];
  }, []);
}

function intersection(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  return some.flatMap((one) =>
    others
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

function without(spans: readonly Span[], gap: Span): readonly Span[] {
  return spans.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, gap.from) },
      { from: Math.max(from, gap.to), to },
    ].filter((piece) => piece.from < piece.to),
  );
}

function isIn({ from, to }: Span, at: number): boolean {
  return from <= at && at < to;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
