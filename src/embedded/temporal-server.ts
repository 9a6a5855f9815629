import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { ReleaseError } from '../core/rules/release-error';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import { portFor, rememberedPort } from './ports';
import { findDaemon, logEnd, logOf, logSince, startDaemon, stopDaemon } from './process';
import type { Daemon, DaemonState } from './process';
import { registerSearchAttributes } from './search-attribute-registration';
import { serverEnvironment } from './server-environment';
import type { Environment } from './server-environment';
import type { StateDirectory } from './state';
import { waitUnless } from './wait';

/** A cold binary of 140 MB on a slow disk, and the schema on the first time. */
const HEALTHY_LIMIT_MS = 60_000;
const RETENTION = '90 days';
export const EMBEDDED_NAMESPACE = 'default';

/** Where the embedded Temporal server and its UI are. */
export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
  readonly ui: string;
}

/** What is needed to run the dev server: its state, the Temporal CLI and the caller's environment. */
export interface TemporalOptions {
  readonly state: StateDirectory;
  readonly cli: string;
  readonly environment: Environment;
}

/** Starts the dev server on its file and its ports, waits until it is healthy, and gives its namespace what it needs. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalAddress> {
  const { state } = options;
  if (temporalState(state).state !== 'running') {
    const port = await portFor(state, 'temporal');
    const uiPort = await portFor(state, 'temporal-ui');
    const start = logEnd(state, 'temporal');
    startDaemon(state, temporalDaemon(options, [port, uiPort]));
    await waitUntilHealthy(state, start);
  }
  const address = addressOf(state);
  await furnish(address);
  return address;
}

/** Does it run? */
export function temporalState(state: StateDirectory): DaemonState {
  return findDaemon(state, handle(state));
}

export async function stopTemporal(state: StateDirectory): Promise<'stopped' | 'was not running'> {
  return await stopDaemon(state, handle(state), [{ signal: 'SIGTERM', limitMs: 15_000 }]);
}

/** Opens a connection, hands it over and closes it. */
export async function withConnection<T>(
  address: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 10_000 });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function handle(state: StateDirectory): Pick<Daemon, 'name' | 'command' | 'mark'> {
  return { name: 'temporal', command: 'temporal', mark: state.temporalFile };
}

function addressOf(state: StateDirectory): TemporalAddress {
  const [port, uiPort] = ['temporal', 'temporal-ui'].map((name) => rememberedPort(state, name) ?? 0);
  const address = `127.0.0.1:${port ?? 0}`;
  return { address, namespace: EMBEDDED_NAMESPACE, ui: `http://127.0.0.1:${uiPort ?? 0}` };
}

/** The flags are FACTS.md's: without the first a sequential activity costs 96 ms, and each write is flushed to the disk. */
function temporalDaemon({ state, cli, environment }: TemporalOptions, ports: readonly number[]): Daemon {
  const [port = 0, uiPort = 0] = ports;
  const attributes = Object.values(SEARCH_ATTRIBUTES).flatMap((name) => [
    '--search-attribute',
    `${name}=Keyword`,
  ]);
  return {
    ...handle(state),
    command: cli,
    args: [
      ...['server', 'start-dev', '--db-filename', state.temporalFile, '--ip', '127.0.0.1'],
      ...['--port', String(port), '--ui-port', String(uiPort)],
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=200'],
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ...attributes,
    ],
    environment: serverEnvironment(environment),
    user: null,
    edition: '',
  };
}

async function waitUntilHealthy(state: StateDirectory, logStart: number): Promise<void> {
  const { address } = addressOf(state);
  const hasEnded = (): boolean => temporalState(state).state !== 'running';
  if (await waitUnless(hasEnded, () => isHealthy(address), HEALTHY_LIMIT_MS)) return;
  const tail = logSince(state, 'temporal', logStart).trim().split('\n').slice(-8).join('\n');
  throw new ReleaseError('SERVER_UNREACHABLE', `the Temporal dev server does not start:\n${tail}`, {
    hint: `Its log is ${logOf(state, 'temporal')}; its file ${state.temporalFile} may be of another version.`,
  });
}

async function isHealthy(address: string): Promise<boolean> {
  try {
    return await withConnection(address, async ({ workflowService }) => {
      await workflowService.describeNamespace({ namespace: EMBEDDED_NAMESPACE });
      return true;
    });
  } catch {
    return false; // not listening, or the namespace is not there yet
  }
}

/** The dev server keeps history for a day, and gives an existing file no new search attributes. */
async function furnish({ address, namespace }: TemporalAddress): Promise<void> {
  await withConnection(address, async (connection) => {
    const retention = msToTs(RETENTION);
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    if (config?.workflowExecutionRetentionTtl?.seconds?.toString() !== retention.seconds?.toString()) {
      const wanted = { workflowExecutionRetentionTtl: retention };
      await connection.workflowService.updateNamespace({ namespace, config: wanted });
    }
    await registerSearchAttributes(connection, namespace);
  });
}
