import { isListening, rememberedPort } from './ports';
import { organicWriterState } from './organic-writer';
import { clusterState, dataOf } from './postgres-cluster';
import { logOf } from './process';
import type { DaemonState } from './process';
import type { StateDirectory } from './state';
import { temporalState } from './temporal-server';
import type { Toolchain } from './toolchain';
import { workerState } from './worker-process';

/** What `one-roof doctor` tells of one server. stale: it was started and has ended by itself; `up` starts it again. */
export interface ServerStatus {
  readonly name: 'temporal' | 'postgres' | 'worker' | 'organic-writer';
  readonly state: DaemonState['state'];
  readonly pid: number | null;
  readonly address: string | null;
  /** Does its port answer? null where it has none. */
  readonly listening: boolean | null;
  readonly version: string | null;
  readonly log: string;
  readonly data: string | null;
}

/** Looks at every embedded server; changes nothing. */
export async function status(state: StateDirectory, toolchain: Toolchain): Promise<readonly ServerStatus[]> {
  const { temporal, postgres } = toolchain;
  const version = temporal.kind === 'cli' ? temporal.version : null;
  return await Promise.all([
    describe(state, 'temporal', { found: temporalState(state), version, data: state.temporalFile }),
    describe(state, 'postgres', {
      found: clusterState(state),
      version: postgres.version,
      data: dataOf(state),
    }),
    describe(state, 'worker', { found: workerState(state), version: null, data: state.store }),
    describe(state, 'organic-writer', { found: organicWriterState(state), version: null, data: null }),
  ]);
}

interface Known {
  readonly found: DaemonState;
  readonly version: string | null;
  readonly data: string | null;
}

async function describe(
  state: StateDirectory,
  name: ServerStatus['name'],
  known: Known,
): Promise<ServerStatus> {
  const port = rememberedPort(state, name);
  const isUp = known.found.state === 'running';
  return {
    name,
    state: known.found.state,
    pid: known.found.state === 'running' ? known.found.process.pid : null,
    address: port === undefined ? null : `127.0.0.1:${port}`,
    listening: port === undefined ? null : isUp && (await isListening(port)),
    version: known.version,
    log: logOf(state, name),
    data: known.data,
  };
}
