import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';
import { join } from 'node:path';
import { CHECKOUT } from '../support/temporal';
import type { AskedTarget } from '../acceptance/support/asked-target';

/** The SDK's own client, and the real server as its child. */
export interface Assistant {
  readonly client: Client;
  readonly pid: number;
  /** What the server has logged. */
  readonly log: () => string;
  /** @returns the text for the model, the same as data, and whether it is a failure */
  use(tool: string, input?: Readonly<Record<string, unknown>>): Promise<Used>;
  end(): Promise<void>;
}

const Used = z.object({
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().default(false),
});

export interface Used {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

export async function assistant(target: AskedTarget, ...words: readonly string[]): Promise<Assistant> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(CHECKOUT, 'bin', 'one-roof.mjs'), 'mcp', ...words],
    cwd: target.folder,
    env: Object.fromEntries(Object.entries(target.environment).map(([name, value]) => [name, value ?? ''])),
    stderr: 'pipe',
  });
  const log: string[] = [];
  transport.stderr?.on('data', (part: Buffer) => log.push(part.toString()));
  const client = new Client({ name: 'assistant of the tests', version: '1.0' });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid ?? -1,
    log: () => log.join(''),
    use: async (name, input = {}) => {
      const told = Used.parse(await client.callTool({ name, arguments: { ...input } }));
      const [{ text }] = told.content;
      return { text, data: told.structuredContent ?? {}, isError: told.isError };
    },
    end: () => client.close(),
  };
}
