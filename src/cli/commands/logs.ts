import { open as openFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { pause } from '../../client/pause';
import { ReleaseError } from '../../core/rules/release-error';
import { status } from '../../embedded/status';
import { readToolchain } from '../../embedded/toolchain';
import { command } from '../command';
import type { CommandContext } from '../command';
import { embeddedState } from '../embedded-place';

const LAST_BYTES = 8_192;
const LOOK_AGAIN_MS = 300;

/** The logs of the embedded servers. */
export const logs = command({
  name: 'logs',
  summary: 'the last lines of the logs of the embedded servers',
  arguments: [['[server]', 'temporal, postgres, worker or organic-writer; all when it is left out']],
  options: [['--follow', 'go on with what is written; Ctrl-C ends it']],
  examples: [
    ['logs worker --follow', 'what the worker does'],
    ['logs', 'the last lines of each'],
  ],
  exits: { 0: 'shown' },
  input: z.object({ server: z.string().optional(), follow: z.boolean().default(false) }),
  run: async (context, { server, follow }) => {
    const files = await logFiles(context, server);
    const lasts = await Promise.all(files.map((file) => lastLines(file)));
    const text = files.map((file, index) => `==> ${file}\n${lasts[index]?.text ?? ''}`).join('\n');
    const document = {
      kind: 'logs',
      files: files.map((file, index) => ({ file, last: lasts[index]?.text ?? '' })),
    };
    if (!follow) return { document, text: text.trimEnd(), exit: 0 };
    context.terminal.stream(`${text}\n`);
    const ends = lasts.map(({ end }) => end);
    await followFiles(context, files, ends);
    return { document, text: '', exit: 0 };
  },
});

async function logFiles(context: CommandContext, server: string | undefined): Promise<readonly string[]> {
  const state = embeddedState(context);
  if (state === undefined)
    throw new ReleaseError('SERVER_UNREACHABLE', 'no embedded server was ever started here');
  const found = await status(state, readToolchain(context.checkout));
  const wanted = found.filter(({ name }) => server === undefined || name === server);
  if (wanted.length > 0) return wanted.map(({ log }) => log);
  const names = found.map(({ name }) => name).join(', ');
  throw new ReleaseError('USAGE', `there is no embedded server ${server ?? ''}, only ${names}`);
}

async function followFiles(
  context: CommandContext,
  files: readonly string[],
  ends: readonly number[],
): Promise<void> {
  const interruption = context.interruption();
  const seen = [...ends];
  while (!interruption.aborted) {
    for (const [index, file] of files.entries()) {
      const { text, end } = await readFrom(file, seen[index] ?? 0);
      seen[index] = end;
      if (text !== '') context.terminal.stream(prefixed(basename(file, '.log'), text));
    }
    await pause(LOOK_AGAIN_MS, interruption);
  }
}

function prefixed(name: string, text: string): string {
  return text.replaceAll(/^(?=.)/gm, `${name}: `);
}

async function lastLines(file: string): Promise<{ text: string; end: number }> {
  const whole = await readFrom(file, -LAST_BYTES);
  return { ...whole, text: whole.text.split('\n').slice(-20).join('\n') };
}

/** From a place on, or the last bytes where it is negative; from the beginning where the file was begun anew. */
async function readFrom(file: string, start: number): Promise<{ text: string; end: number }> {
  const handle = await openFile(file, 'r').catch(() => undefined); // a server that was never started has no log
  if (handle === undefined) return { text: '', end: 0 };
  try {
    const { size } = await handle.stat();
    const from = start < 0 ? Math.max(0, size + start) : start > size ? 0 : start;
    const buffer = Buffer.alloc(size - from);
    await handle.read(buffer, 0, buffer.length, from);
    return { text: buffer.toString('utf8'), end: size };
  } finally {
    await handle.close();
  }
}
