import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client } from 'pg';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { Roles } from '../../../src/core/schema/target';
import { down, up } from '../../../src/embedded/embedded';
import type { EmbeddedAddresses, UpOptions } from '../../../src/embedded/embedded';
import { clusterState, superuserUrl } from '../../../src/embedded/postgres-cluster';
import type { DaemonState } from '../../../src/embedded/process';
import type { StateDirectory } from '../../../src/embedded/state';
import { temporalState } from '../../../src/embedded/temporal-server';
import { waitUntil } from '../../../src/embedded/wait';
import { workerState } from '../../../src/embedded/worker-process';
import { rolesSql } from '../../../src/postgres/prepare';
import { bareOptions, temporaryCheckout } from '../../embedded/state-places';
import { openWire } from '../wire/proxy';
import type { Wire } from '../wire/proxy';
import { prepareSqlOf } from './build';
import { mountSmallDisk } from './small-disk';
import type { SmallDisk } from './small-disk';

export type Server = 'worker' | 'temporal' | 'postgres';
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Everything real: a Temporal server, a PostgreSQL cluster, a worker as a process, and the wire between these two. */
export interface World {
  readonly state: StateDirectory;
  readonly addresses: EmbeddedAddresses;
  readonly bin: string;
  readonly wire: Wire;
  /** Where the shop lies; undefined where nothing can be mounted. */
  readonly smallDisk: SmallDisk | undefined;
  /** The folder whose `dist` is put to the test. */
  readonly build: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Of the server that lives now. */
  readonly temporal: TemporalClient;
  pidOf(server: Server): number | undefined;
  /** `kill -9`, for PostgreSQL an immediate shutdown where nothing else is said; returns when the process is gone. */
  kill(server: Server, how?: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
  /** What has died is started again. */
  revive(): Promise<void>;
  /** Statements of a superuser, past the wire. */
  sql(database: string, text: string, values?: readonly unknown[]): Promise<Rows>;
  connect(database: string, application: string): Promise<Client>;
  end(): Promise<void>;
}

const LIMIT_MS = 20_000;
const SERVICE = 'one-roof-chaos';

/** Starts a world whose worker is of the build in this folder, and knows the target `shop`. */
export async function startWorld(build: string): Promise<World> {
  const { state, remove } = temporaryCheckout();
  const pgpass = join(state.root, 'pgpass');
  const environment = {
    ...process.env,
    PGPASSFILE: pgpass,
    PGSERVICEFILE: join(state.root, 'pg_service.conf'),
  };
  const config = join(state.root, 'chaos-targets.yaml');
  const options: UpOptions = { ...bareOptions(state), checkout: build, environment, config, worker: 'runs' };
  const ends: (() => Promise<void> | void)[] = [remove, () => down(options)];
  const end = async (): Promise<void> => {
    for (const each of ends.reverse()) await each();
  };
  try {
    const smallDisk = await mountSmallDisk(state.root);
    if (smallDisk !== undefined) ends.splice(1, 0, () => smallDisk.end()); // when PostgreSQL is gone
    const addresses = await startServers(options, build);
    const wire = await openWire(addresses.postgres.port);
    ends.push(() => wire.close());
    writeTargets({ state, addresses, config, port: wire.port });
    await up(options);
    // without the client's own retries, which would outlive the connection: who asks asks again
    const dial = (): Promise<Connection> =>
      Connection.connect({ ...addresses.temporal, connectTimeout: LIMIT_MS, interceptors: [] });
    let connection = await dial();
    let former: Connection | undefined;
    ends.push(async () => {
      await Promise.all([connection.close(), former?.close()]);
    });
    const reconnect = async (): Promise<void> => {
      await former?.close();
      former = connection; // what still asks by it would fail out of reach, were it closed at once
      connection = await dial();
    };
    return {
      ...{ state, addresses, bin: options.toolchain.postgres.bin, wire, smallDisk, build, environment },
      get temporal() {
        return new TemporalClient({ connection, namespace: addresses.temporal.namespace });
      },
      pidOf: (server) => pidOf(state, server),
      kill: (server, how) => kill(state, server, how ?? (server === 'postgres' ? 'SIGQUIT' : 'SIGKILL')),
      revive: async () => {
        const wasGone = temporalState(state).state !== 'running';
        await up(options);
        if (wasGone) await reconnect();
      },
      ...sessions(state),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The stand-in brings the roles and their passwords. */
async function startServers(options: UpOptions, build: string): Promise<EmbeddedAddresses> {
  const roles = Roles.parse({});
  const prepare = {
    production: (nonce: string) => prepareSqlOf(build, { name: 'production', nonce }),
    cloneHost: rolesSql(roles),
  };
  const standIn = { scale: 0.01, existing: 'keep', prepare, organicWriter: 'rests' } as const;
  return await up({ ...options, worker: 'rests', standIn });
}

const Targets = z.record(z.string(), z.looseObject({ policy: z.looseObject({}).optional() }));

/** Production, the clone host and the shop, all through the wire. */
function writeTargets(where: {
  readonly state: StateDirectory;
  readonly addresses: EmbeddedAddresses;
  readonly config: string;
  readonly port: number;
}): void {
  const { addresses, config, port } = where;
  const { postgres, serviceFile, pgpass } = addresses;
  const services = readFileSync(serviceFile, 'utf8').replaceAll(/^port=.*$/gm, `port=${port}`);
  const shop = `[${SERVICE}]\nhost=${postgres.host}\nport=${port}\ndbname=shop\n`;
  writeFileSync(serviceFile, `${services}\n${shop}`);
  const passwords = readFileSync(pgpass, 'utf8');
  writeFileSync(pgpass, passwords + passwords.replaceAll(`:${postgres.port}:`, `:${port}:`));
  const targets = Targets.parse(parse(readFileSync(addresses.targets, 'utf8')));
  const { production } = targets;
  const target = {
    ...production,
    connection: { service: SERVICE },
    registration: SHOP_NONCE,
    policy: POLICY,
  };
  writeFileSync(config, stringify({ ...targets, shop: target }));
}

/** Two approvals and the hard gate, read often. */
const POLICY = {
  request: ['lead-a', 'lead-b'],
  readGatesEvery: '1s',
  lockBudget: '5m',
  gates: [
    {
      id: 'rollout',
      before: 'first',
      scopes: ['full'],
      approvals: { release: { need: 1, of: ['lead-a', 'lead-b'] }, dba: { need: 1, of: ['dba-a', 'dba-b'] } },
      hard: { sql: 'select count(*) from shop_gate where open', opens: '> 0' },
    },
  ],
};

/** The registration of the shop, in each of its templates. */
export const SHOP_NONCE = 'nonce-of-the-shop-under-fire';

function pidOf(state: StateDirectory, server: Server): number | undefined {
  const found = stateOf(state, server);
  return found.state === 'running' ? found.process.pid : undefined;
}

function stateOf(state: StateDirectory, server: Server): DaemonState {
  if (server === 'postgres') return clusterState(state);
  return server === 'worker' ? workerState(state) : temporalState(state);
}

async function kill(state: StateDirectory, server: Server, how: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
  const pid = pidOf(state, server);
  if (pid === undefined) return; // it has died already
  process.kill(pid, how);
  if (!(await waitUntil(() => isGone(pid), LIMIT_MS))) throw new Error(`${server} survived its kill`);
}

/** Gone with all its threads: until then its ports are taken. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true; // ESRCH: there is no such process
  }
}

function sessions(state: StateDirectory): Pick<World, 'sql' | 'connect'> {
  const connect = async (database: string, application: string): Promise<Client> => {
    const client = new Client({
      connectionString: superuserUrl(state, database),
      application_name: application,
    });
    client.on('error', () => undefined); // a restart of the server is part of the game; the next query says it
    await client.connect();
    return client;
  };
  return {
    connect,
    sql: async (database, text, values = []) => {
      const client = await connect(database, 'chaos');
      try {
        return (await client.query<Record<string, unknown>>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
  };
}
