import type { PendingActivity } from '../../client/pending';
import type { Observation } from '../../client/watching';
import type { StageRecord } from '../../core/schema/outcome';
import { progressText, remainingMs } from '../print/progress-text';
import { expectedLeftMs, isOpen, leftText, stageTitle } from '../print/stage-text';
import { pendingLines } from '../print/status-text';
import { silenceLine } from './plain-lines';

/** What stands below the spinner: silence first, then stages within this one, what is waited for, how far the work is. */
export function underWay(observation: Observation, current: number, now: number): string {
  const { silent, status, pending } = observation;
  const stages = status?.stages ?? [];
  const within = [
    ...stages.filter((record, index) => index !== current && isOpen(record)),
    ...(observation.within?.stages ?? []).filter(isOpen),
  ];
  return [
    ...(silent === undefined ? [] : [silenceLine(silent)]),
    ...within.map((record) => stageTitle(record, now)),
    ...(status?.waitingFor ?? []).map((line) => `waits for ${line}`),
    ...pending.flatMap((each) => workLines(each, paceOf(observation, now))),
  ].join('\n');
}

/** How long the present stage has taken; undefined while its rehearsal says better how much is left. */
function paceOf({ status }: Observation, now: number): number | undefined {
  if (status === undefined || status.since === '') return undefined;
  const isForeseen = (record: StageRecord): boolean => (expectedLeftMs(record, now) ?? -1) >= 0;
  return status.stages.some(isForeseen) ? undefined : now - Date.parse(status.since);
}

function workLines(pending: PendingActivity, elapsedMs: number | undefined): readonly string[] {
  const { progress } = pending;
  const left = progress === null || elapsedMs === undefined ? undefined : remainingMs(progress, elapsedMs);
  if (progress === null || left === undefined) return pendingLines(pending);
  return [`${progressText(progress)}, ${leftText(left)}`];
}
