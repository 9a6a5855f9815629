/** An attempt failed and another one follows by itself. */
export interface Retry {
  /** `LOCK_TIMEOUT: waits for AccessExclusiveLock on public.orders, held up by process 4711 (…)` */
  readonly why: string;
  /** Until when it goes on by itself, ms since 1970. */
  readonly until: number;
}

/** For three in the morning, in one line: who is in the way, how long it goes on by itself and what then, what is applied. */
export function tryingAgain(
  { why, until }: Retry,
  { now, then, applied }: { now: number; then: string; applied?: readonly string[] },
): string {
  const clock = new Date(until).toISOString().slice(11, 19);
  const left = `tried again by itself until ${clock} UTC (${inWords(until - now)} left), then ${then}`;
  const state = applied === undefined ? [] : [`applied: ${applied.join(', ') || 'nothing'}`];
  return [why, left, ...state].join('; ');
}

function inWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
