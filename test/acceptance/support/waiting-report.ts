import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Where a release's time went between the gate's commit and its first statement, ms. */
export interface Parts {
  /** Until the monitor had told it. */
  readonly told: number;
  /** From there to its turn. */
  readonly inLine: number;
  /** From its turn to the attempt at its first tier: last look, audit, claim, baseline again. */
  readonly claimed: number;
  /** How often it asked for the target. */
  readonly claims: number;
}

export function partsOf(events: readonly Event[], openedAt: number): Parts {
  const told = timeOf(events.find((event) => isOpenReading(event)));
  const claims = events.filter((event) => activityOf(event) === 'claimDatabase').length;
  const turn = events.findLast((event) => signalOf(event) === 'databaseFree');
  const attempt = timeOf(events.find((event) => activityOf(event) === 'applyTier'));
  const begins = turn === undefined ? told : timeOf(turn);
  return { told: told - openedAt, inLine: begins - told, claimed: attempt - begins, claims };
}

/** The first value that at least this share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export interface Measured {
  readonly releases: number;
  readonly targets: number;
  readonly watchedMs: number;
  readonly readEveryMs: number;
  readonly looks: number;
  readonly events: number;
  readonly memoryKb: number;
  /** From the gate's commit to the first statement of each, in their order, ms. */
  readonly first: readonly number[];
  readonly parts: readonly Parts[];
}

export function reportOf(measured: Measured): string {
  const { releases, targets, watchedMs, readEveryMs, looks, events, memoryKb, first, parts } = measured;
  const hours = watchedMs / 3_600_000;
  const row = (name: string, of: (each: Parts) => number): string => {
    const values = parts.map(of);
    return `| ${name} | ${ms(quantile(values, 0.5))} | ${ms(quantile(values, 0.95))} |`;
  };
  return [
    `| ${releases} releases wait at ${targets} targets | |`,
    '| --- | --- |',
    `| reads of gates in ${ms(watchedMs)}, each gate every ${ms(readEveryMs)} | ${looks} |`,
    `| events per hour and waiting release | ${(events / hours / releases).toFixed(2)} |`,
    `| memory of the worker for each further release that waits | ${memoryKb.toFixed(1)} kB |`,
    '',
    `| from the gate's commit to the first statement, ${first.length} releases to one target | half of them | 95 of 100 |`,
    '| --- | --- | --- |',
    `| the first of them | ${ms(first[0] ?? NaN)} | |`,
    `| all | ${ms(quantile(first, 0.5))} | ${ms(quantile(first, 0.95))} |`,
    row('of it: until the monitor has told it', ({ told }) => told),
    row('of it: in line', ({ inLine }) => inLine),
    row('of it: last look, audit, claim, baseline again', ({ claimed }) => claimed),
    '',
  ].join('\n');
}

function ms(value: number): string {
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function activityOf({ activityTaskScheduledEventAttributes: scheduled }: Event): string | undefined {
  return scheduled?.activityType?.name ?? undefined;
}

function signalOf({ workflowExecutionSignaledEventAttributes: signaled }: Event): string | undefined {
  return signaled?.signalName ?? undefined;
}

/** The readings that opened it: the first that say so. */
function isOpenReading(event: Event): boolean {
  if (signalOf(event) !== 'gateReadings') return false;
  const { payloads } = event.workflowExecutionSignaledEventAttributes?.input ?? {};
  const text = Buffer.from(payloads?.[0]?.data ?? []).toString('utf8');
  return text.includes('"open":true');
}

function timeOf(event: Event | undefined): number {
  const { seconds, nanos } = event?.eventTime ?? {};
  return seconds === undefined || seconds === null ? NaN : Number(seconds) * 1000 + (nanos ?? 0) / 1e6;
}
