import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock';
import { startOrganicWriter, stopOrganicWriter } from './organic-writer';
import { clusterState, startCluster, stopCluster } from './postgres-cluster';
import type { ClusterAddress } from './postgres-cluster';
import type { DaemonState } from './process';
import type { ProcessIdentity } from './process-identity';
import type { Environment } from './server-environment';
import { wholeEnvironment } from './server-environment';
import { createStandIn } from './stand-in';
import type { PreparationSql } from './stand-in';
import { filesOf } from './stand-in-files';
import type { StateDirectory } from './state';
import { EMBEDDED_NAMESPACE, startTemporal, stopTemporal, temporalState } from './temporal-server';
import type { TemporalAddress } from './temporal-server';
import type { Toolchain } from './toolchain';
import { writeWholeFile } from './whole-file';
import { startWorker, stopWorker } from './worker-process';

export const STEPS = ['waiting', 'temporal', 'postgres', 'stand-in', 'organic-writer', 'worker'] as const;

/** A step of `up` or `down`, as a person follows it. */
export interface Step {
  readonly name: (typeof STEPS)[number];
  readonly state: 'begun' | 'done';
  readonly note: string;
}

/** The stand-in production, where one is wanted. */
export interface StandInRequest {
  readonly scale: number;
  readonly existing: 'keep' | 'replace';
  readonly prepare: PreparationSql;
  readonly organicWriter: 'runs' | 'rests';
}

/** What `up` needs; everything is handed in. */
export interface UpOptions {
  readonly checkout: string;
  readonly state: StateDirectory;
  readonly toolchain: Toolchain;
  readonly environment: Environment;
  readonly standIn?: StandInRequest;
  /** The user's own targets.yaml; the state's own when it is left out. */
  readonly config?: string;
  readonly worker: 'runs' | 'rests';
  readonly onStep: (step: Step) => void;
}

/** Where everything is. `ui` is null where the Temporal server is not ours. */
export interface EmbeddedAddresses {
  readonly state: string;
  readonly temporal: Omit<TemporalAddress, 'ui'> & { readonly ui: string | null };
  readonly postgres: ClusterAddress;
  readonly targets: string;
  readonly store: string;
  readonly pgpass: string;
  readonly serviceFile: string;
}

/** Starts what is not running, in order; whatever an interrupted `up` has left is gone on with. One at a time. */
export async function up(options: UpOptions): Promise<EmbeddedAddresses> {
  return await locked(options, async () => {
    const { state } = options;
    const temporal = await step(options, { name: 'temporal', before: temporalState(state).state }, () =>
      ensureTemporal(options),
    );
    const postgres = await step(options, { name: 'postgres', before: clusterState(state).state }, () =>
      startCluster({ ...options, bin: options.toolchain.postgres.bin }),
    );
    const addresses = addressesOf(options, temporal, postgres);
    if (options.standIn !== undefined) await ensureStandIn(options, options.standIn, postgres);
    if (!existsSync(state.targets)) writeWholeFile(state.targets, '{}\n');
    if (options.worker === 'runs') await ensureWorker(options, addresses);
    return addresses;
  });
}

/** Stops what runs, those first that use the others; also what an `up` has left that was killed. */
export async function down(options: Pick<UpOptions, 'state' | 'onStep'>): Promise<void> {
  await locked(options, async () => {
    const { state } = options;
    const servers = [
      ['organic-writer', stopOrganicWriter],
      ['worker', stopWorker],
      ['temporal', stopTemporal],
      ['postgres', stopCluster],
    ] as const;
    for (const [name, stop] of servers) {
      options.onStep({ name, state: 'begun', note: 'stopping' });
      options.onStep({ name, state: 'done', note: await stop(state) });
    }
  });
}

async function locked<T>(options: Pick<UpOptions, 'state' | 'onStep'>, work: () => Promise<T>): Promise<T> {
  const onWait = ({ pid }: ProcessIdentity): void =>
    options.onStep({
      name: 'waiting',
      state: 'begun',
      note: `another one-roof (pid ${pid}) starts or stops servers here`,
    });
  return await withLock(join(options.state.root, 'up.lock'), onWait, work);
}

const NOTES = { running: 'was running', stale: 'had died; started again', stopped: 'started' } as const;

async function step<T>(
  { onStep }: UpOptions,
  { name, before }: { readonly name: Step['name']; readonly before: DaemonState['state'] },
  work: () => Promise<T>,
): Promise<T> {
  onStep({ name, state: 'begun', note: before === 'running' ? 'looking at it' : 'starting' });
  const result = await work();
  onStep({ name, state: 'done', note: NOTES[before] });
  return result;
}

async function ensureTemporal(options: UpOptions): Promise<EmbeddedAddresses['temporal']> {
  const { temporal } = options.toolchain;
  if (temporal.kind === 'cli') return await startTemporal({ ...options, cli: temporal.path });
  return {
    address: temporal.address,
    namespace: options.environment['TEMPORAL_NAMESPACE'] ?? EMBEDDED_NAMESPACE,
    ui: null,
  };
}

async function ensureStandIn(
  options: UpOptions,
  request: StandInRequest,
  cluster: ClusterAddress,
): Promise<void> {
  const { onStep, checkout } = options;
  const folder = join(checkout, 'sql', 'directus');
  const database = 'directus';
  const { bin } = options.toolchain.postgres;
  onStep({ name: 'stand-in', state: 'begun', note: `database ${database} at scale ${request.scale}` });
  const { outcome } = await createStandIn({ ...options, ...request, cluster, bin, folder, database });
  onStep({ name: 'stand-in', state: 'done', note: `${database} ${outcome}` });
  if (request.organicWriter === 'rests') return;
  const file = join(folder, 'organic_writer.sql');
  const writer = await startOrganicWriter({ ...options, cluster, database, file });
  onStep({ name: 'organic-writer', state: 'done', note: writer });
}

async function ensureWorker(options: UpOptions, addresses: EmbeddedAddresses): Promise<void> {
  const { onStep, environment } = options;
  onStep({ name: 'worker', state: 'begun', note: 'starting' });
  const settings = workerSettings(options, addresses);
  const outcome = await startWorker({ ...options, settings, environment: wholeEnvironment(environment) });
  onStep({ name: 'worker', state: 'done', note: outcome === 'running' ? 'was running' : outcome });
}

/** With targets of the user's own, their passwords and services are the user's own too. */
function workerSettings(options: UpOptions, addresses: EmbeddedAddresses): Readonly<Record<string, string>> {
  const common = {
    ONE_ROOF_CONFIG: options.config ?? addresses.targets,
    ONE_ROOF_STORE: addresses.store,
    ONE_ROOF_PG_BIN: options.toolchain.postgres.bin,
    TEMPORAL_ADDRESS: addresses.temporal.address,
    TEMPORAL_NAMESPACE: addresses.temporal.namespace,
  };
  if (options.config !== undefined) return common;
  return { ...common, PGPASSFILE: addresses.pgpass, PGSERVICEFILE: addresses.serviceFile };
}

function addressesOf(
  { state }: UpOptions,
  temporal: EmbeddedAddresses['temporal'],
  postgres: ClusterAddress,
): EmbeddedAddresses {
  const { targets, pgpass, serviceFile } = filesOf(state);
  return { state: state.root, temporal, postgres, targets, store: state.store, pgpass, serviceFile };
}
