import type { StageRecord } from '../../core/schema/outcome';
import { duration } from '../../evidence/amounts';

/** Nobody waits for a part of a second, and queues and questions take their own: that long nothing counts as late. */
const GRACE_MS = 1_000;

/** Has it begun and not ended? */
export function isOpen({ state }: StageRecord): boolean {
  return state === 'running' || state === 'waiting';
}

/** A stage on one line: `30_ownership_seed  1.2 s (4.0 s in rehearsal, about 3 s left)`, `audit  431 ms: digest …`. */
export function stageTitle(record: StageRecord, now: number): string {
  const time = isOpen(record) ? timeSoFar(record, now) : timeTaken(record);
  const expected = expectation(record, now);
  const parts = [time, expected === '' ? '' : `(${expected})`].filter((part) => part !== '');
  const note = record.note === undefined ? '' : `: ${record.note}`;
  return `${[record.stage, parts.join(' ')].join('  ').trimEnd()}${note}`;
}

/** By the workflow's own clock; nothing before the end. */
export function timeTaken({ ms }: StageRecord): string {
  return ms === undefined ? '' : duration(ms);
}

export function timeSoFar(record: StageRecord, now: number): string {
  const soFar = soFarMs(record, now);
  return soFar === undefined ? '' : duration(soFar);
}

/** What the rehearsal lets expect of a stage that runs; nothing of others, or where it was not rehearsed. */
export function expectation(record: StageRecord, now: number): string {
  const { expectedMs } = record;
  const left = expectedLeftMs(record, now);
  if (left === undefined || expectedMs === undefined) return '';
  if (left < 0) return `longer than the ${duration(expectedMs)} of its rehearsal`;
  return `${duration(expectedMs)} in rehearsal, ${leftText(left)}`;
}

/** How much longer it takes if it takes as long as in rehearsal; below 0: it takes longer. */
export function expectedLeftMs(record: StageRecord, now: number): number | undefined {
  const soFar = soFarMs(record, now);
  if (record.state !== 'running' || record.expectedMs === undefined || soFar === undefined) return undefined;
  const left = record.expectedMs - soFar;
  return soFar < GRACE_MS ? Math.max(0, left) : left;
}

/** An estimate is no measurement: whole seconds at best. */
export function leftText(ms: number): string {
  if (ms < 1_000) return 'less than 1 s left';
  return `about ${ms < 60_000 ? `${Math.round(ms / 1_000)} s` : duration(ms)} left`;
}

/** Never below 0: the clock of whoever watches may be behind the workflow's. */
function soFarMs({ startedAt }: StageRecord, now: number): number | undefined {
  return startedAt === undefined ? undefined : Math.max(0, now - Date.parse(startedAt));
}
