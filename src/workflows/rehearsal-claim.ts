import { tryingAgain } from '../core/rules/trying-again';
import type { Retry } from '../core/rules/trying-again';
import type { ReleasePlan } from '../core/schema/plan';
import { ask } from './asking';
import type { RehearsalBook } from './rehearsal-book';
import { TierRunner } from './tier-runner';

/** In whose name, and with which tiers. */
interface Holder {
  readonly claimant: RehearsalBook['claimant'];
  readonly plan: ReleasePlan;
}

/** The clone is claimed like any database: the same protocol, the executor's exact privileges. */
export async function claimClone(book: RehearsalBook, { claimant, plan }: Holder): Promise<TierRunner> {
  const { atHost, source } = book.known;
  const { database, story } = book;
  const { claim } = await ask(atHost.reads.claimDatabase, `${book.clone.name}: held by this rehearsal`, {
    database,
    claimant,
  });
  const onRetry = (retry: Retry): void =>
    story.remark(tryingAgain(retry, { now: Date.now(), then: 'the rehearsal fails' }));
  return new TierRunner({
    release: claimant.release,
    claim,
    plan,
    database,
    registration: 'clone',
    place: atHost,
    budget: source.policy.lockBudget,
    onRetry,
  });
}
