import type { Endpoint, Environment } from '../endpoint';
import { runProgram } from './program';

export interface RestoreOrder {
  /** The clone, as the restorer. */
  readonly endpoint: Endpoint;
  readonly dump: string;
  readonly pgRestore: string;
  readonly environment: Environment;
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** Objects restored so far, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Fills an empty clone from a dump, in parallel; the first error ends it. @throws TOOL_FAILED */
export async function restoreDump(order: RestoreOrder): Promise<void> {
  const { endpoint, environment } = order;
  const cancel = order.signal === undefined ? {} : { signal: order.signal };
  const list = await runProgram({
    program: order.pgRestore,
    endpoint,
    environment,
    arguments: ['--list', order.dump],
    ...cancel,
  });
  const total = list.split('\n').filter((line) => /^\d+;/.test(line)).length;
  let done = 0;
  const onLine = (line: string): void => {
    if (/finished item|creating |processing item/.test(line))
      order.onProgress(Math.min(++done, total), total);
  };
  const flags = ['--exit-on-error', '--verbose', `--jobs=${order.jobs}`, `--dbname=${endpoint.database}`];
  await runProgram({
    program: order.pgRestore,
    endpoint,
    environment,
    arguments: [...flags, order.dump],
    onLine,
    ...cancel,
  });
}
