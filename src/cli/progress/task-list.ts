import type { ListrTaskWrapper, DefaultRenderer, SimpleRenderer } from 'listr2' with {
  'resolution-mode': 'import',
};
import type { Observation } from '../../client/watching';
import type { StageRecord } from '../../core/schema/outcome';
import { isOpen, stageTitle } from '../print/stage-text';
import type { Reporter } from './reporter';
import { underWay } from './under-way';

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
      task.title = stageTitle(stage.record, Date.now());
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
  if (current?.task !== undefined) current.task.output = underWay(observation, current.index, Date.now());
}

function refresh(stage: ShownStage, record: StageRecord): void {
  stage.record = record;
  if (stage.task !== undefined) stage.task.title = stageTitle(record, Date.now());
}

function ending(): { promise: Promise<void>; finish: (end: 'over' | Error) => void } {
  let settle: (end: 'over' | Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (end) => (end === 'over' ? resolve() : reject(end));
  });
  promise.catch(() => undefined); // the list shows it; nobody else waits for it
  return { promise, finish: (end) => settle(end) };
}
