import { ReleaseError } from '../../src/core/rules/release-error';
import { askOnce } from '../../src/postgres/channel/ask';
import type { Answer, Caps } from '../../src/postgres/channel/capped-read';
import type { Endpoint } from '../../src/postgres/endpoint';
import { judgeRead } from '../../src/read-channel/judge';

/** What became of a text: refused by a layer, ended by the server or the caps, or answered. */
export type Outcome =
  | { readonly end: 'refused'; readonly layer: string; readonly why: string }
  | { readonly end: 'failed'; readonly code: string; readonly why: string }
  | { readonly end: 'answered'; readonly answer: Answer };

export const NOTHING_OPENED = { functions: [] };

/** The whole road of a read: bytes, grammar, tree, names, session, caps. */
export async function throughChannel(reader: Endpoint, text: string | Buffer, caps: Caps): Promise<Outcome> {
  try {
    const read = await judgeRead(text, NOTHING_OPENED);
    return { end: 'answered', answer: await askOnce(reader, { read, opened: NOTHING_OPENED }, { caps }) };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** An error that is not one of ours is thrown on: it would be a defect of the channel. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ReleaseError) || error.code === 'INTERNAL') throw error;
  const why = error.message.slice(0, 300);
  const layer = error.details['layer'];
  return error.code === 'QUERY_REFUSED'
    ? { end: 'refused', layer: String(layer), why }
    : { end: 'failed', code: error.code, why };
}
