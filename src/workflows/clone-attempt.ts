import type { AttemptResult } from '../core/schema/attempt';
import type { FingerprintSummary } from '../core/schema/fingerprint';
import { ask } from './asking';
import type { RehearsalBook } from './rehearsal-book';
import type { TierRunner, Wanted } from './tier-runner';

/** An attempt's result, and the clone's fingerprint after it. */
export interface Attempted {
  readonly result: AttemptResult;
  readonly now: FingerprintSummary;
}

/** One attempt on the clone: only what was locked for writing is hashed again. */
export async function attemptOnClone(
  on: { readonly book: RehearsalBook; readonly runner: TierRunner; readonly now: FingerprintSummary },
  wanted: Wanted,
): Promise<Attempted> {
  const { book, runner, now } = on;
  const result = await runner.run(wanted);
  if (!('found' in result)) return { result, now };
  const { known, database } = book;
  const reuse = result.found ? {} : { reuse: { ref: now.ref, touched: result.touched } };
  const after = await ask(known.atHost.long.fingerprintClone, `${wanted.tier.id}: the clone after it`, {
    database,
    volatile: known.plan.volatile,
    ...reuse,
  });
  return { result, now: after };
}
