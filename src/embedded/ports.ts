import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import type { StateDirectory } from './state';
import { waitUntil } from './wait';
import { readJsonIfThere, writeWholeFile } from './whole-file';

const LOOPBACK = '127.0.0.1';
const LET_GO_MS = 3_000;

const Ports = z.record(z.string(), z.number().int());

/**
 * The port of a server: the remembered one, so that addresses stay, or a free one where there is none yet or a stranger
 * has taken it meanwhile. Call it only while our own server does not run.
 */
export async function portFor(state: StateDirectory, server: string): Promise<number> {
  const file = join(state.root, 'servers.json');
  const ports = readJsonIfThere(file, Ports) ?? {};
  const remembered = ports[server];
  if (remembered !== undefined && (await becomesFree(remembered))) return remembered;
  const found = await freePort();
  writeWholeFile(file, `${JSON.stringify({ ...ports, [server]: found }, null, 2)}\n`);
  return found;
}

/** The port that a server was given; undefined before it was started for the first time. */
export function rememberedPort(state: StateDirectory, server: string): number | undefined {
  return readJsonIfThere(join(state.root, 'servers.json'), Ports)?.[server];
}

/** Does anybody listen there? */
export async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** A server that was killed lets go of its port only with its last thread, a moment after it counts as ended. */
async function becomesFree(port: number): Promise<boolean> {
  return await waitUntil(() => isFree(port), LET_GO_MS);
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new ReleaseError('INTERNAL', 'the system gives no free loopback port');
  return port;
}

/** The port that could be listened on; undefined where it is taken. */
async function listenOnce(port: number): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => {
        resolve(address === null || typeof address === 'string' ? undefined : address.port);
      });
    });
  });
}
