import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readToolchain } from '../../../src/embedded/toolchain';
import { CIRCUMSTANCES } from './circumstances';
import { dbmate } from './dbmate';
import { graphileMigrate } from './graphile-migrate';
import { oneRoof } from './one-roof';
import type { Peer, Workshop } from './peer';
import { killAll } from './process-group';
import type { Bench } from './run-again';
import { FIRST, SCENARIOS, rows } from './scenarios';
import { startServer } from './server';
import type { Server } from './server';
import { sqitch } from './sqitch';
import { markdown } from './table';
import { tryOut } from './trial';
import type { Result } from './trial';

const PEERS: readonly Peer[] = [oneRoof, sqitch, graphileMigrate, dbmate];

const { values: wish } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '500000' },
    peer: { type: 'string', multiple: true },
    scenario: { type: 'string', multiple: true },
    circumstance: { type: 'string', multiple: true },
  },
});

void main();

async function main(): Promise<void> {
  const server = await startServer(process.cwd(), process.env);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop(server).finally(() => process.exit(1)));
  }
  try {
    const results = await tryAll(workshopIn(server));
    const report = {
      date: new Date().toISOString(),
      postgres: server.version,
      rows: Number(wish.rows),
      results,
    };
    process.stdout.write(wish.json ? `${JSON.stringify(report, null, 2)}\n` : markdown(report));
    process.exitCode = results.every(({ end }) => end === 'right') ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await oneRoof.uninstall?.(workshopIn(server));
    await stop(server);
  }
}

let stopping: Promise<void> | undefined;

/** Takes everything away, once. */
async function stop(server: Server): Promise<void> {
  killAll();
  stopping ??= server.stop();
  await stopping;
}

async function tryAll(workshop: Workshop): Promise<readonly Result[]> {
  const results: Result[] = [];
  const peers = PEERS.filter(({ name }) => isWished(wish.peer, name));
  for (const peer of peers) await peer.install(workshop);
  for (const peer of peers) {
    const bench = await setUp(peer, workshop);
    results.push(...(await tryPeer(bench)));
  }
  return results;
}

async function tryPeer(bench: Bench): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const circumstance of CIRCUMSTANCES.filter(({ id }) => isWished(wish.circumstance, id))) {
    for (const scenario of SCENARIOS.filter(({ id }) => isWished(wish.scenario, id))) {
      console.error(`· ${bench.peer.name} ${bench.version}: ${scenario.id}, ${circumstance.id}`);
      results.push(await tryOut(bench, scenario, circumstance));
    }
  }
  return results;
}

/** The peer's project with its first change applied, and the rows of production. */
async function setUp(peer: Peer, workshop: Workshop): Promise<Bench> {
  const database = peer.name.toLowerCase().replaceAll(/\W/g, '_');
  const base = { workshop, folder: join(workshop.server.root, 'projects', database), database };
  mkdirSync(base.folder, { recursive: true });
  await workshop.server.create(database, 'template0');
  await peer.begin(base, FIRST);
  await workshop.server.ask(database, async (client) => {
    await client.query(rows(Number(wish.rows)));
    await client.query('vacuum (freeze, analyze) accounts');
  });
  return { peer, version: await peer.version(workshop), base };
}

/** The server's own programs come first on PATH: a peer that calls psql or pg_dump gets the right ones. */
function workshopIn(server: Server): Workshop {
  const tools = join(server.root, 'tools');
  const home = join(server.root, 'home');
  for (const folder of [tools, home]) mkdirSync(folder, { recursive: true });
  const { bin } = readToolchain(process.cwd()).postgres;
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
  return { server, tools, environment: { PATH: path, HOME: home, LANG: 'C.UTF-8' } };
}

function isWished(wished: readonly string[] | undefined, name: string): boolean {
  return wished === undefined || wished.some((each) => each.toLowerCase() === name.toLowerCase());
}
