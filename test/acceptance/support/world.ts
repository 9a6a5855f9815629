import { readFileSync, writeFileSync } from 'node:fs';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { prepareSql, rolesSql } from '../../../src/postgres/prepare';
import { Roles } from '../../../src/core/schema/target';
import { down, up } from '../../../src/embedded/embedded';
import type { EmbeddedAddresses, UpOptions } from '../../../src/embedded/embedded';
import type { DaemonState } from '../../../src/embedded/process';
import { PRODUCTION_SERVICE } from '../../../src/embedded/stand-in-files';
import type { StateDirectory } from '../../../src/embedded/state';
import { temporalState } from '../../../src/embedded/temporal-server';
import { waitUntil } from '../../../src/embedded/wait';
import { workerState } from '../../../src/embedded/worker-process';
import { bareOptions, temporaryCheckout } from '../../embedded/state-places';
import { keepGreenfield } from './greenfield';

/** Everything real, in a state of its own: Temporal, PostgreSQL with the stand-in, and the worker as a process. */
export interface World {
  readonly state: StateDirectory;
  readonly addresses: EmbeddedAddresses;
  readonly bin: string;
  /** A bare Temporal client; another one after `revive`. */
  readonly temporal: TemporalClient;
  /** `kill -9`; returns when the process is gone. */
  kill(server: 'worker' | 'temporal'): Promise<void>;
  /** `up` once more: what has died is started again. */
  revive(): Promise<void>;
  /** Whoever reaches production by the worker's service file comes through this port of the test. */
  reachProductionThrough(port: number): void;
  end(): Promise<void>;
}

const LIMIT_MS = 10_000;

/** Starts a world: the stand-in is loaded, kept as a template, and written to by its application as in real life. */
export async function startWorld(scale: number): Promise<World> {
  const { state, remove } = temporaryCheckout();
  const options = { ...bareOptions(state), worker: 'runs' } as const;
  const end = async (): Promise<void> => {
    await down(options);
    remove();
  };
  try {
    const addresses = await startServers(options, scale);
    let connection = await Connection.connect(addresses.temporal);
    return {
      state,
      addresses,
      bin: options.toolchain.postgres.bin,
      get temporal() {
        return new TemporalClient({ connection, namespace: addresses.temporal.namespace });
      },
      kill: (server) => kill(server === 'worker' ? workerState(state) : temporalState(state)),
      revive: async () => {
        await up(options);
        await connection.close(); // to a server that was killed it would connect again after minutes only
        connection = await Connection.connect(addresses.temporal);
      },
      reachProductionThrough: (port) => redirect(addresses, port),
      end: async () => {
        await connection.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The templates are taken before anybody is connected to what they are taken of. */
async function startServers(options: UpOptions, scale: number): Promise<EmbeddedAddresses> {
  const standIn = { scale, existing: 'keep', prepare: preparation(), organicWriter: 'rests' } as const;
  await up({ ...options, worker: 'rests', standIn });
  await keepGreenfield(options.state);
  return await up({ ...options, standIn: { ...standIn, organicWriter: 'runs' } });
}

function preparation(): NonNullable<UpOptions['standIn']>['prepare'] {
  const roles = Roles.parse({});
  return {
    production: (nonce) => prepareSql({ name: 'production', kind: 'production', nonce }, roles),
    cloneHost: rolesSql(roles),
  };
}

async function kill(found: DaemonState): Promise<void> {
  if (found.state !== 'running') throw new Error('it does not run: there is nothing to kill');
  const victim = found.process;
  process.kill(victim.pid, 'SIGKILL');
  if (!(await waitUntil(() => isGone(victim.pid), LIMIT_MS))) throw new Error('it survived SIGKILL');
}

/** Gone with all its threads: until then its ports are taken. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true; // ESRCH: there is no such process
  }
}

/** The worker reads its service file for each session, so that no restart is needed. */
function redirect({ serviceFile, pgpass, postgres }: EmbeddedAddresses, port: number): void {
  const services = readFileSync(serviceFile, 'utf8').split(/^(?=\[)/m);
  const changed = services.map((section) =>
    section.startsWith(`[${PRODUCTION_SERVICE}]`) ? section.replace(/^port=.*$/m, `port=${port}`) : section,
  );
  writeFileSync(serviceFile, changed.join(''));
  const passwords = readFileSync(pgpass, 'utf8');
  writeFileSync(pgpass, passwords + passwords.replaceAll(`:${postgres.port}:`, `:${port}:`));
}
