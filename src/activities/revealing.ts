import { unscrubbed } from '../postgres/errors';
import type { World } from './world';

/** Runs work; what the server said of rows, which no history may bear, goes to the worker's own log where that was asked for. */
export async function revealing<T>({ reveal }: Pick<World, 'reveal'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words = unscrubbed(error);
    if (words !== undefined) reveal?.(words);
    throw error;
  }
}
