import { Console } from 'node:console';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';
import { createColors } from 'picocolors';
import { visibleJson } from '../asking/visible';
import { forgetEmptyVariables } from '../worker/empty-variables';
import type { CommandContext, CommandResult, GlobalOptions } from './command';
import { failureResult } from './failure';
import { isHigher, page } from './pager';
import { runProgram } from './program';
import { COMMANDS } from './registry';
import type { Terminal } from './terminal';

/** The command line's composition root: reads arguments and environment, prints one result, sets the exit code. */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const json = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined).includes('--json');
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', endQuietly);
  try {
    await print(await runProgram(COMMANDS, words, contextFor), json ? 'json' : 'text');
  } catch (error) {
    const failure = failureResult(error, colours(process.stderr));
    if (!json) process.stderr.write(`${failure.text}\n`);
    await print(json ? failure : { ...failure, text: '' }, json ? 'json' : 'text');
  }
}

async function print(result: CommandResult, form: 'json' | 'text'): Promise<void> {
  const { document, text, exit, isLong = false, lineEnd = '\n' } = result;
  const output = form === 'json' ? visibleJson(JSON.stringify(document, null, 2)) : text;
  process.exitCode = exit;
  if (output === '') return;
  const isPaged = form === 'text' && isLong && isHigher(text, terminalSize());
  if (isPaged && (await page(output, process.env))) return;
  process.stdout.write(`${output}${form === 'json' ? '\n' : lineEnd}`);
}

function terminalSize(): { readonly columns: number; readonly rows: number } | undefined {
  const { stdout } = process;
  return isatty(stdout.fd) ? { columns: stdout.columns, rows: stdout.rows } : undefined;
}

function contextFor(global: GlobalOptions): CommandContext {
  return {
    checkout: join(__dirname, '..', '..'),
    folder: process.cwd(),
    environment: forgetEmptyVariables(process.env),
    global,
    terminal: terminalFor(global),
    interruption,
    setEnvironment: (name, value) => (process.env[name] = value),
  };
}

function terminalFor({ json }: GlobalOptions): Terminal {
  return {
    colours: json ? createColors(false) : colours(process.stdout),
    canAsk: isatty(process.stdin.fd) && isatty(process.stderr.fd),
    showsPictures: isatty(process.stdout.fd) && !json,
    size: terminalSize(),
    input: { isTerminal: isatty(process.stdin.fd), stream: () => process.stdin },
    protocol,
    note: (line) => process.stderr.write(`${line}\n`),
    stream: (text) => (json ? process.stderr : process.stdout).write(text),
    ask,
  };
}

/** Colours on a terminal only; NO_COLOR, whatever its value, turns them off. https://no-color.org */
function colours(stream: NodeJS.WriteStream & { readonly fd: number }): ReturnType<typeof createColors> {
  const isWanted = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return createColors(isatty(stream.fd) && isWanted);
}

/** Libraries that speak to the console speak to stderr then. */
function protocol(): { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream } {
  globalThis.console = new Console(process.stderr);
  return { input: process.stdin, output: process.stdout };
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** From the first call on, Ctrl-C and a closed terminal only fire the signal: whoever watches detaches. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

/** `one-roof list | head` closes the pipe early: that is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

void main();
