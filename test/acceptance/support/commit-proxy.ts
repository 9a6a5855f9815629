import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Stands between the worker and PostgreSQL, and can hold back the COMMIT of a tier. */
export interface CommitProxy {
  readonly port: number;
  /** Resolves when the tier's session has sent its COMMIT, which has not reached the server. */
  holdCommitOf(tier: string): Promise<HeldCommit>;
  close(): void;
}

export interface HeldCommit {
  /** Lets it through, and waits for the server's answer, whoever is left to hear it. */
  letGo(): Promise<void>;
  /** It never arrives: the connection is gone. */
  lose(): void;
}

/** The message Parse of the extended protocol with the text `commit`, no name and no parameters. */
const COMMIT = Buffer.from('P\0\0\0\x0e\0commit\0\0\0', 'latin1');
const COMMITTED = Buffer.from('COMMIT\0', 'latin1');

interface Armed {
  readonly tier: string;
  readonly onHeld: (held: HeldCommit) => void;
}

export async function openCommitProxy(upstreamPort: number): Promise<CommitProxy> {
  let armed: Armed | undefined;
  const sockets = new Set<Socket>();
  const take = (application: string): Armed | undefined => {
    if (armed === undefined || !application.includes(` ${armed.tier}\0`)) return undefined;
    const taken = armed;
    armed = undefined;
    return taken;
  };
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()); // a killed process resets its connections
      socket.on('close', () => sockets.delete(socket));
    }
    relay(client, upstream, take);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    holdCommitOf: (tier) => new Promise((onHeld) => (armed = { tier, onHeld })),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The session's start names its application; from the held COMMIT on nothing more of it is passed on. */
function relay(client: Socket, upstream: Socket, take: (application: string) => Armed | undefined): void {
  let start: string | undefined;
  let held: Buffer[] | undefined;
  client.on('data', (chunk) => {
    start ??= chunk.toString('latin1');
    if (held !== undefined) return void held.push(chunk);
    const at = chunk.indexOf(COMMIT);
    const wanted = at < 0 ? undefined : take(start);
    if (wanted === undefined) return void upstream.write(chunk);
    upstream.write(chunk.subarray(0, at));
    const rest = (held = [chunk.subarray(at)]);
    const letGo = async (): Promise<void> => {
      held = undefined;
      await pass(upstream, rest);
      if (client.destroyed) upstream.end();
    };
    wanted.onHeld({ letGo, lose: () => upstream.destroy() });
  });
  upstream.on('data', (chunk) => client.write(chunk));
  client.on('close', () => {
    if (held === undefined) upstream.end();
  });
  upstream.on('close', () => client.destroy());
}

async function pass(upstream: Socket, held: readonly Buffer[]): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    upstream.on('data', (chunk) => {
      if (chunk.includes(COMMITTED)) resolve();
    });
  });
  upstream.write(Buffer.concat(held));
  await answered;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}
