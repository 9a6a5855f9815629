import type { ListrTaskWrapper, DefaultRenderer, SimpleRenderer } from 'listr2' with {
  'resolution-mode': 'import',
};
import type { Observation } from '../../client/watching';
import type { StageRecord } from '../../core/schema/outcome';
import { duration } from '../print/amounts';
import { progressText, remainingMs } from '../print/progress-text';
import { pendingLines } from '../print/status-text';
import { silenceLine } from './plain-lines';
import type { Reporter } from './reporter';

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A stage on the screen: its line spins until the stage has ended. */
interface ShownStage {
  readonly index: number;
  record: StageRecord;
  task: Task | undefined;
  readonly finish: (end: 'over' | Error) => void;
}

/** Stages one below the other, each with a spinner, its time, and what it is doing at this moment. */
export async function taskList(): Promise<Reporter> {
  const { Listr } = await import('listr2');
  const shown = new Map<number, ShownStage>();
  let last: Promise<unknown> = Promise.resolve();
  const show = (index: number, record: StageRecord): void => {
    const { promise, finish } = ending();
    const stage: ShownStage = { index, record, task: undefined, finish };
    shown.set(index, stage);
    const work = async (_: unknown, task: Task): Promise<void> => {
      stage.task = task;
      task.title = titleOf(stage.record);
      await promise;
    };
    last = last.then(async () => {
      const list = new Listr<unknown, 'default', 'simple'>([{ title: record.stage, task: work }], {
        registerSignalListeners: false, // Ctrl-C detaches, and says so
        exitOnError: false,
        rendererOptions: { showErrorMessage: false, collapseErrors: false },
      });
      await list.run();
    });
  };
  return {
    see: (observation) => seeObservation(observation, shown, show),
    close: async () => {
      for (const stage of shown.values()) stage.finish('over');
      await last;
    },
  };
}

function seeObservation(
  observation: Observation,
  shown: ReadonlyMap<number, ShownStage>,
  show: (index: number, record: StageRecord) => void,
): void {
  observation.status?.stages.forEach((record, index) => {
    const stage = shown.get(index);
    if (stage === undefined) show(index, record);
    else refresh(stage, record);
    if (record.state === 'done' || record.state === 'skipped') shown.get(index)?.finish('over');
    if (record.state === 'failed') shown.get(index)?.finish(new Error(record.note ?? 'failed'));
  });
  const current = [...shown.values()].find(({ task, record }) => task !== undefined && isOpen(record));
  if (current?.task !== undefined) current.task.output = underWay(observation, current.index);
}

function refresh(stage: ShownStage, record: StageRecord): void {
  stage.record = record;
  if (stage.task !== undefined) stage.task.title = titleOf(record);
}

/** What the workflow says of the stage, and its time by the workflow's own clock; so far, while it is open. */
function titleOf(record: StageRecord): string {
  const { stage, note, ms, startedAt } = record;
  const soFar = startedAt === undefined ? undefined : Math.max(0, Date.now() - Date.parse(startedAt));
  const time = isOpen(record) ? soFar : ms;
  return `${stage}${time === undefined ? '' : ` (${duration(time)})`}${note === undefined ? '' : `: ${note}`}`;
}

function isOpen({ state }: StageRecord): boolean {
  return state === 'running' || state === 'waiting';
}

/** What stands below the spinner: silence first, then stages within this one, what is waited for, how far the work is. */
function underWay({ silent, status, pending }: Observation, current: number): string {
  const within = status?.stages.filter((record, index) => index !== current && isOpen(record)) ?? [];
  const lines = [
    ...(silent === undefined ? [] : [silenceLine(silent)]),
    ...within.map(titleOf),
    ...(status?.waitingFor ?? []).map((line) => `waits for ${line}`),
    ...pending.flatMap((each) => {
      const left = each.progress === null ? undefined : remainingMs(each.progress, elapsedOf(status));
      if (each.progress === null || left === undefined) return pendingLines(each);
      return [`${progressText(each.progress)}, about ${duration(left)} left`];
    }),
  ];
  return lines.join('\n');
}

function elapsedOf(status: Observation['status']): number {
  return status === undefined || status.since === '' ? 0 : Date.now() - Date.parse(status.since);
}

function ending(): { promise: Promise<void>; finish: (end: 'over' | Error) => void } {
  let settle: (end: 'over' | Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (end) => (end === 'over' ? resolve() : reject(end));
  });
  promise.catch(() => undefined); // the list shows it; nobody else waits for it
  return { promise, finish: (end) => settle(end) };
}
