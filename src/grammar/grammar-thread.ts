import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { rawStatementsOf } from './parser';
import type { Parsed } from './parser';

/** What parsing apart may come to: as in the same thread, or the thread had to be ended. */
export type ParsedApart = Parsed | { readonly verdict: 'too long' };

const PARSE_LIMIT_MS = 2_000;
/** A thread that does not even begin is given up; a busy machine takes a second or two. */
const START_LIMIT_MS = 30_000;

/** A thread of its own: a text that drives the grammar mad ends it, and nothing else. What it says is JSON, so that nothing is shared. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { parse } = require(workerData);
parse('select 1').then(() => parentPort.postMessage({ ready: true }));
parentPort.on('message', async (text) => {
  try {
    const { stmts = [] } = await parse(text);
    parentPort.postMessage({ statements: JSON.stringify(stmts) });
  } catch (error) {
    if (!error || error.name !== 'SqlError') throw error;
    const character = error.sqlDetails && error.sqlDetails.cursorPosition;
    parentPort.postMessage({ message: String(error.message), character: Number(character ?? 0) });
  }
});
`;

let thread: GrammarThread | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** Parses a text in a thread of its own, one text at a time, each within a limit. After a crash or a time-out the next text gets a new thread. */
export function parseApart(text: string, limitMs = PARSE_LIMIT_MS): Promise<ParsedApart> {
  if (text === '') return Promise.resolve({ verdict: 'parsed', statements: [] }); // which the grammar takes for a mistake
  const parsed = queue.then(() => parseNow(text, limitMs));
  queue = parsed.catch(() => undefined); // the caller hears of it; the next text does not
  return parsed;
}

async function parseNow(text: string, limitMs: number): Promise<ParsedApart> {
  const used = (thread ??= new GrammarThread());
  const parsed = await used.parse(text, limitMs);
  if (used.isLost) thread = undefined;
  return parsed;
}

class GrammarThread {
  isLost = false;
  private readonly worker = new Worker(PROGRAM, {
    eval: true,
    workerData: createRequire(__filename).resolve('libpg-query'),
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  private isReady = false;

  constructor() {
    this.worker.unref(); // a thread that waits for texts keeps no process alive
  }

  async parse(text: string, limitMs: number): Promise<ParsedApart> {
    this.worker.ref();
    try {
      if (!this.isReady) await this.answer(START_LIMIT_MS);
      this.isReady = true;
      const answered = this.answer(limitMs);
      this.worker.postMessage(text);
      return parsedOf(await answered);
    } catch (cause) {
      this.isLost = true;
      await this.worker.terminate();
      return cause instanceof TooLong ? { verdict: 'too long' } : { verdict: 'too deep', cause };
    } finally {
      this.worker.unref();
    }
  }

  /** The thread's next word. @throws TooLong, or whatever ended it */
  private answer(limitMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { worker } = this;
      const timer = setTimeout(() => settle(() => reject(new TooLong())), limitMs);
      const onMessage = (said: unknown): void => settle(() => resolve(said));
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(new Error('the thread of the grammar has ended')));
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        end();
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    });
  }
}

class TooLong extends Error {}

function parsedOf(said: unknown): Parsed {
  if (typeof said !== 'object' || said === null) throw new Error('the thread of the grammar said nothing');
  const { statements, message, character } = Object.fromEntries(Object.entries(said));
  if (typeof statements === 'string')
    return { verdict: 'parsed', statements: rawStatementsOf(JSON.parse(statements)) };
  return { verdict: 'not SQL', message: String(message), character: Number(character) };
}
