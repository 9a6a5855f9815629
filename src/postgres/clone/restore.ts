import { randomUUID } from 'node:crypto';
import { writeFile, rm } from 'node:fs/promises';
import type { Endpoint, Environment } from '../endpoint';
import { runProgram } from './program';

export interface RestoreOrder {
  /** The clone, as the restorer. */
  readonly endpoint: Endpoint;
  /** A folder, as `pg_dump --format=directory` makes it. */
  readonly dump: string;
  readonly pgRestore: string;
  readonly environment: Environment;
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** Objects restored so far, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * What pg_restore does last: grants, then what needs them. In parallel it would run a grant that was given on before the grant
 * that it rests on, and fail by chance; one by one they come in the order of the dump.
 */
const AFTER_ALL =
  /^\d+; \d+ \d+ (ACL|DEFAULT ACL|EVENT TRIGGER|MATERIALIZED VIEW DATA|(COMMENT|SECURITY LABEL) \S+ EVENT TRIGGER) /;

/** Fills an empty clone from a dump: objects and rows in parallel, grants one by one; the first error ends it. @throws TOOL_FAILED */
export async function restoreDump(order: RestoreOrder): Promise<void> {
  const entries = (await restore(order, ['--list'])).split('\n').filter((line) => /^\d+;/.test(line));
  let done = 0;
  const onLine = (line: string): void => {
    if (/finished item|creating |processing item/.test(line))
      order.onProgress(Math.min(++done, entries.length), entries.length);
  };
  const steps = [
    { chosen: entries.filter((line) => !AFTER_ALL.test(line)), how: [`--jobs=${order.jobs}`] },
    { chosen: entries.filter((line) => AFTER_ALL.test(line)), how: [] },
  ];
  for (const { chosen, how } of steps.filter((step) => step.chosen.length > 0)) {
    const list = `${order.dump}.${randomUUID()}.list`;
    await writeFile(list, chosen.join('\n'));
    const flags = [
      '--exit-on-error',
      '--verbose',
      `--use-list=${list}`,
      `--dbname=${order.endpoint.database}`,
    ];
    try {
      await restore(order, [...how, ...flags], onLine);
    } finally {
      await rm(list, { force: true });
    }
  }
}

async function restore(
  order: RestoreOrder,
  how: readonly string[],
  onLine?: (line: string) => void,
): Promise<string> {
  return runProgram({
    program: order.pgRestore,
    endpoint: order.endpoint,
    environment: order.environment,
    arguments: [...how, order.dump],
    ...(order.signal === undefined ? {} : { signal: order.signal }),
    ...(onLine === undefined ? {} : { onLine }),
  });
}
