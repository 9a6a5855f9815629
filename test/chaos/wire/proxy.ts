import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Relay } from './relay';
import type { Held, Match, Watcher } from './relay';

/** Stands between the worker and PostgreSQL, byte for byte, and can hold a session at any message. */
export interface Wire {
  readonly port: number;
  /** Holds the first session that sends such a message and of which `isMeant` is true; others go on. */
  watch(match: Match, isMeant: (held: Held) => Promise<boolean>): Watch;
  close(): void;
}

export interface Watch {
  readonly held: Promise<Held>;
  /** Nothing more is held. */
  end(): void;
}

/** Opens the proxy on a free port of this machine. */
export async function openWire(upstreamPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  const watchers = new Set<Watcher>();
  const find = (relay: Relay, sql: string): Watcher | undefined =>
    [...watchers].find(({ match }) => isSql(match.sql, sql) && relay.fits(match));
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy()); // a killed process resets its connections
      socket.on('close', () => sockets.delete(socket));
    }
    new Relay(client, upstream, find);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    watch: (match, isMeant) => watchOn(watchers, match, isMeant),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function watchOn(watchers: Set<Watcher>, match: Match, isMeant: (held: Held) => Promise<boolean>): Watch {
  let onHeld: (held: Held) => void;
  const held = new Promise<Held>((resolve) => (onHeld = resolve));
  const watcher: Watcher = {
    match,
    offer: (offered) => {
      if (!watchers.delete(watcher)) {
        offered.letGo();
        return;
      } // another session was first
      const decide = (isWanted: boolean): void => {
        if (isWanted) {
          onHeld(offered);
          return;
        }
        watchers.add(watcher);
        offered.letGo();
      };
      isMeant(offered).then(decide, () => decide(false)); // who cannot be asked is not meant
    },
  };
  watchers.add(watcher);
  return { held, end: () => watchers.delete(watcher) };
}

function isSql(wanted: Match['sql'], sql: string): boolean {
  return wanted === 'startup' ? sql === 'startup' : wanted.test(sql);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}
