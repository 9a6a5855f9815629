import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { CHECKOUT } from '../../support/temporal';
import type { World } from './world';

/** What a command printed as its one JSON document, and how it ended. */
export interface CommandEnd {
  readonly exit: number | null;
  readonly document: unknown;
  readonly progress: string;
}

/** `npx one-roof … --json` in the checkout, for the servers of a world. */
export async function oneRoof(world: World, ...words: readonly string[]): Promise<CommandEnd> {
  const { temporal, targets, store, pgpass, serviceFile } = world.addresses;
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ONE_ROOF_CONFIG: targets,
    ONE_ROOF_STORE: store,
    PGPASSFILE: pgpass,
    PGSERVICEFILE: serviceFile,
  };
  const child = spawn(process.execPath, [join(CHECKOUT, 'bin', 'one-roof.mjs'), ...words, '--json'], {
    cwd: CHECKOUT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child.stdout);
  const progress = collect(child.stderr);
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, document: JSON.parse(output()), progress: progress() };
}

const Act = z.object({ kind: z.literal('act'), accepted: z.boolean().nullable() });

/** A human act by the command line. @returns whether it was accepted */
export async function actByCommand(world: World, ...words: readonly string[]): Promise<boolean | null> {
  const { document } = await oneRoof(world, ...words, '--yes');
  return Act.parse(document).accepted;
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  return () => parts.join('');
}
