import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text as all } from 'node:stream/consumers';
import { z } from 'zod';
import type { Endpoint } from '../../src/postgres/endpoint';

const Measured = z.object({
  end: z.string(),
  why: z.string().optional(),
  layer: z.string().optional(),
  rows: z.number().optional(),
  bytes: z.number().optional(),
  /** From the text to the outcome, without the start of the process. */
  ms: z.number(),
  /** By how much the process's peak grew while it read. */
  grownKiB: z.number(),
});
export type Measured = Readonly<z.infer<typeof Measured>>;

/** Sends one text through the channel in a process of its own. */
export async function measureRead(endpoint: Endpoint, text: string): Promise<Measured> {
  const child = spawn(process.execPath, [join(__dirname, 'one-read.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ endpoint, text }));
  const said = await all(child.stdout);
  return Measured.parse(JSON.parse(said));
}
