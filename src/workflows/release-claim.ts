import { sleep } from '@temporalio/workflow';
import type { Claim } from '../activities/tiers';
import { ask } from './asking';
import type { ReleaseBook } from './release-book';
import type { Held } from './release-line';
import { judge } from './verdict';

/** Together a quarter of a minute. */
const FIRST_CLAIM_PAUSE_MS = 1_000;
const LONGEST_CLAIM_PAUSE_MS = 8_000;

/**
 * Takes the target, or stands in line behind the release that holds it. Where that is no running workflow nobody would ever tell:
 * it is waited for a little, then named, and this one is refused.
 */
export async function takeDatabase(book: ReleaseBook): Promise<Claim | Held> {
  const { target } = book.order;
  const order = { database: { target }, claimant: book.claimant };
  book.line.take();
  for (let pauseMs = FIRST_CLAIM_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await ask(
        book.known.place.reads.claimDatabase,
        `${target}: held by this release until its end`,
        order,
      );
    } catch (failure) {
      const { code, message, details } = judge(failure);
      if (code !== 'DATABASE_HELD') throw failure;
      const { by } = details;
      if (typeof by === 'string' && (await book.line.join(by))) return { heldBy: message };
      if (pauseMs > LONGEST_CLAIM_PAUSE_MS) throw failure;
      book.story.mark('claim', 'running', message);
      await sleep(pauseMs, { summary: `${target}: held by another release` });
    }
  }
}

/** What a failover would change: each attempt compares. */
export function serverOf({ record }: ReleaseBook) {
  if (record.targetIdentity === null) return {};
  const { systemIdentifier, timeline } = record.targetIdentity;
  return { server: { systemIdentifier, timeline } };
}
