import { pause } from '../../../src/embedded/wait';

const AGAIN_MS = 150;
const ONE_TRY_MS = 4_000;

/** Asks a server that may be down or on its way up, until it answers. @throws what it said last, after the limit */
export async function insist<T>(what: string, work: () => Promise<T>, limitMs = 90_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await within(ONE_TRY_MS, work());
    } catch (cause) {
      if (Date.now() > end) throw new Error(`in vain: ${what}`, { cause });
      await pause(AGAIN_MS); // it is asked again
    }
  }
}

/** The answer, or a failure where it takes too long: a query waits for a worker that may be gone. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
