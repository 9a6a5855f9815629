import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** Stands between the worker and PostgreSQL, as a connection pooler does. */
export interface Pooler {
  readonly port: number;
  close(): void;
}

/** Its server connections are others than it announces: the process id of BackendKeyData is its own. */
export async function openPooler(upstreamPort: number): Promise<Pooler> {
  return await listen((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort });
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream);
    announceAnotherProcess(upstream, client);
  });
}

/** It takes no start-up options, and says so in the words of PgBouncer. */
export async function openRefusingPooler(): Promise<Pooler> {
  return await listen((client) => {
    client.once('data', () => client.end(errorResponse('unsupported startup parameter: options')));
  });
}

async function listen(serve: (client: Socket) => void): Promise<Pooler> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    serve(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the pooler has no port');
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

const BACKEND_KEY_DATA = 'K'.charCodeAt(0);
const HEADER_BYTES = 5;

/** Passes message after message on; after the one with the process id whatever comes is passed as it is. */
function announceAnotherProcess(upstream: Socket, client: Socket): void {
  let kept = Buffer.alloc(0);
  let announced = false;
  upstream.on('data', (chunk) => {
    if (announced) return void client.write(chunk);
    kept = Buffer.concat([kept, chunk]);
    while (!announced && isWhole(kept)) {
      const end = lengthOf(kept);
      if (kept[0] === BACKEND_KEY_DATA) {
        kept.writeInt32BE(kept.readInt32BE(HEADER_BYTES) + 1, HEADER_BYTES);
        announced = true;
      }
      client.write(kept.subarray(0, end));
      kept = kept.subarray(end);
    }
    if (announced) client.write(kept);
  });
}

function isWhole(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.length >= lengthOf(bytes);
}

function lengthOf(message: Buffer): number {
  return message.readInt32BE(1) + 1;
}

function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${message}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
