import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import type { ClusterAddress } from './postgres-cluster';
import { editionOf, findDaemon, startDaemon, stopDaemon } from './process';
import type { Daemon, DaemonState } from './process';
import { serverEnvironment } from './server-environment';
import type { Environment } from './server-environment';
import { filesOf } from './stand-in-files';
import type { StateDirectory } from './state';

/** What is needed to let the stand-in's application write. */
export interface OrganicWriterOptions {
  readonly state: StateDirectory;
  readonly cluster: ClusterAddress;
  readonly checkout: string;
  readonly environment: Environment;
  readonly database: string;
  /** What the application does each time: `sql/directus/organic_writer.sql`. */
  readonly file: string;
}

/** Starts what keeps inserting system issues, as the application; one that was started otherwise is replaced. */
export async function startOrganicWriter(options: OrganicWriterOptions): Promise<'started' | 'running'> {
  const daemon = writerDaemon(options);
  const found = findDaemon(options.state, daemon);
  if (found.state === 'running' && found.edition === editionOf(daemon)) return 'running';
  await stopOrganicWriter(options.state);
  startDaemon(options.state, daemon);
  return 'started';
}

/** Does it run? */
export function organicWriterState(state: StateDirectory): DaemonState {
  return findDaemon(state, handle(state));
}

export async function stopOrganicWriter(state: StateDirectory): Promise<'stopped' | 'was not running'> {
  return await stopDaemon(state, handle(state), [{ signal: 'SIGTERM', limitMs: 5_000 }]);
}

function handle(state: StateDirectory): Pick<Daemon, 'name' | 'command' | 'mark'> {
  return { name: 'organic-writer', command: process.execPath, mark: `--organic-writer-of=${state.root}` };
}

function writerDaemon(options: OrganicWriterOptions): Daemon {
  const { state, cluster, checkout, database, file } = options;
  const main = join(checkout, 'dist', 'embedded', 'organic-writer-main.js');
  if (!existsSync(main)) throw new ReleaseError('SETUP_INCOMPLETE', `${main} has not been built`);
  return {
    ...handle(state),
    args: [
      main,
      file,
      `postgresql://directus_app@${cluster.host}:${cluster.port}/${database}`,
      handle(state).mark,
    ],
    environment: { ...serverEnvironment(options.environment), PGPASSFILE: filesOf(state).applicationsPgpass },
    user: null,
    edition: '',
  };
}
