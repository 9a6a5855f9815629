import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startCluster, stopCluster, superuserUrl } from '../../../src/embedded/postgres-cluster';
import { serverEnvironment } from '../../../src/embedded/server-environment';
import type { Environment } from '../../../src/embedded/server-environment';
import { openState } from '../../../src/embedded/state';
import { readToolchain } from '../../../src/embedded/toolchain';

/** A private PostgreSQL cluster, with PostgreSQL's own defaults for all that a killed client could touch. */
export interface Server {
  readonly version: string;
  /** A temporary folder that goes with the cluster. */
  readonly root: string;
  url(database: string): string;
  /** Opens a session under this `application_name`, hands it over and closes it. */
  ask<T>(database: string, work: (client: Client) => Promise<T>): Promise<T>;
  connect(database: string, name: string): Promise<Client>;
  create(database: string, template: string): Promise<void>;
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
}

/** Sessions of the harness itself, so that it can tell a peer's sessions from its own. */
export const OURS = 'chaos-peers';

/** Starts the cluster in a temporary folder; `stop` takes both away. */
export async function startServer(checkout: string, environment: Environment): Promise<Server> {
  const root = mkdtempSync(join(tmpdir(), 'or-peers-'));
  chmodSync(root, 0o755);
  const state = openState({ checkout: root, environment });
  const { bin, version } = readToolchain(checkout).postgres;
  await startCluster({ state, bin, environment: serverEnvironment(environment) });
  const url = (database: string): string => superuserUrl(state, database);
  const command = (sql: string): Promise<unknown> => ask(url('postgres'), (client) => client.query(sql));
  return {
    version,
    root,
    url,
    ask: (database, work) => ask(url(database), work),
    connect: (database, name) => connect(url(database), name),
    create: async (database, template) => {
      await command(`create database "${database}" template "${template}" strategy file_copy`);
    },
    drop: async (database) => {
      await command(`drop database if exists "${database}" with (force)`);
    },
    stop: async () => {
      await stopCluster(state);
      rmSync(state.root, { recursive: true, force: true });
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function ask<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url, OURS);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(url: string, name: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on('error', () => undefined); // the server was stopped or the database dropped under it: the next query says it
  await client.connect();
  return client;
}
