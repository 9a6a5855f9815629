import { CancellationScope } from '@temporalio/workflow';
import { judgeDrift } from '../core/rules/drift';
import { ReleaseError } from '../core/rules/release-error';
import type { OutcomeError, ReleasedTier } from '../core/schema/outcome';
import type { PlannedTier } from '../core/schema/plan';
import { anywhere, ask } from './asking';
import { hold, untilDone } from './hold';
import { TOUCHED, observe, schemaOf } from './observe';
import type { ReleaseBook } from './release-book';
import { outcomeOf } from './release-tiers';
import type { TierRunner } from './tier-runner';
import { asOutcomeError, judge } from './verdict';

/** How a compensation ended; `left` says why tiers stay applied, where it could not go on. */
export interface Compensated {
  readonly isAnyRolledBack: boolean;
  readonly left: OutcomeError | undefined;
}

const RUNBOOK = 'docs/operating.md#a-rollback-that-is-stuck';

type Undone = 'rolled back' | 'nothing to roll back' | OutcomeError;

/**
 * Rolls back, last first, what this release applied or may have applied, in a scope that cancellation cannot stop. A rollback
 * that fails holds for a person; one that can never succeed leaves what lies below it applied, and says so.
 */
export async function compensate(book: ReleaseBook, runner: TierRunner): Promise<Compensated> {
  return CancellationScope.nonCancellable(async () => {
    let isAnyRolledBack = false;
    book.story.show('rolling back');
    for (const tier of [...book.known.plan.tiers].reverse()) {
      if (!mayBeApplied(book, tier)) continue;
      const undone = await book.story.stage(
        `roll back ${tier.id}`,
        () => rollBackTier(book, runner, tier),
        inWords,
      );
      if (typeof undone === 'object') return { isAnyRolledBack, left: leave(book, undone) };
      isAnyRolledBack ||= undone === 'rolled back';
    }
    if (isAnyRolledBack)
      await untilDone(book, () =>
        book.story.stage(
          'compare with before',
          () => compareWithBefore(book),
          (note) => note,
        ),
      );
    return { isAnyRolledBack, left: undefined };
  });
}

async function rollBackTier(book: ReleaseBook, runner: TierRunner, tier: PlannedTier): Promise<Undone> {
  for (;;) {
    try {
      const isDone = await attempt(book, runner, tier);
      book.note(tier.id, { outcome: isDone ? 'rolled back' : 'not reached' });
      return isDone ? 'rolled back' : 'nothing to roll back';
    } catch (failure) {
      const why = asOutcomeError(judge(failure));
      if (why.code === 'SUPERSEDED' || why.code === 'IRREVERSIBLE') return why;
      const choices = [
        `decide retry: roll back ${tier.id} again, after a person has mended what stops it`,
        'abort: end it here; what is still applied is named and left',
      ];
      const choice = await withItsSql(book, { tier, why }, () =>
        hold(book, { stage: 'stuck', why, choices, until: (decision) => decision === 'retry' }),
      );
      if (choice === 'abort') return why;
    }
  }
}

/** While it is held, people see the SQL that did not run. That is read beside the hold: nobody waits for it. */
async function withItsSql<T>(
  book: ReleaseBook,
  { tier, why }: { tier: PlannedTier; why: OutcomeError },
  held: () => Promise<T>,
): Promise<T> {
  const { story, known } = book;
  let isHeld = true;
  const reading = ask(anywhere.readRollback, `${tier.id}: the SQL of its rollback, for people`, {
    package: known.plan.package,
    tier,
  });
  void reading.then(
    (text) => {
      if (!isHeld) return;
      story.stuck = {
        tier: tier.id,
        ...text,
        runbook: [RUNBOOK, `docs/failures.md#${why.code.toLowerCase()}`],
      };
      story.refresh();
    },
    () => undefined, // the file itself says it too
  );
  try {
    return await held();
  } finally {
    isHeld = false;
    story.stuck = null;
  }
}

/** The ledger is asked first, also for an irreversible tier: one that never took effect needs no rollback. */
async function attempt(book: ReleaseBook, runner: TierRunner, tier: PlannedTier): Promise<boolean> {
  if (tier.rollback !== null)
    return (await runner.run({ tier, direction: 'rollback' })).outcome === 'rolled back';
  const { plan, place } = book.known;
  const target = book.order.target;
  const { tiers } = await ask(place.reads.readTiersInEffect, `${target}: tiers in effect, also in part`, {
    database: { target },
    orInPart: true,
  });
  const isOurs = tiers.some(
    (each) =>
      each.package === plan.package.name &&
      each.tier === tier.id &&
      each.release === (book.undoes ?? book.claimant.release),
  );
  if (isOurs) throw irreversible(tier);
  return false;
}

/** What is still applied is named, tier by tier. */
function leave(book: ReleaseBook, why: OutcomeError): OutcomeError {
  const left = book.applied;
  for (const id of left) book.note(id, { outcome: 'left applied' });
  return {
    ...why,
    message: `${why.message}\nleft applied: ${left.join(', ') || 'nothing that is known; the ledger tells'}`,
  };
}

async function compareWithBefore(book: ReleaseBook): Promise<string> {
  const { record, order, known } = book;
  const seen = await observe(book, 'exit baseline and schema after the rollback', TOUCHED);
  const [after, exit] = [schemaOf(seen), seen.metrics];
  record.fingerprint.after = after;
  record.baseline.exit = exit;
  const rules = Object.entries(known.plan.metrics).map(
    ([metric, rule]) => [metric, rule.drift === 'organic' ? rule : {}] as const,
  );
  record.drift = judgeDrift(Object.fromEntries(rules), record.baseline.entry, exit); // nothing may have moved but what is organic
  const before = seenBefore(book) ?? book.returnsTo;
  if (before === null) return 'nothing to compare with';
  const refs = { before, after: after.ref, others: 'may write' } as const;
  record.rollback = await ask(
    anywhere.compareFingerprints,
    `${order.target}: schema after the rollback and before the first tier`,
    refs,
  );
  return record.rollback.verdict;
}

/** The state before the first tier with the rows of the tables that it touches, where this release has seen it. */
function seenBefore({ order, record }: ReleaseBook): string | undefined {
  return order.recovers === undefined && order.rollsBack === undefined
    ? record.fingerprint.before?.ref
    : undefined;
}

/** A tier whose attempt failed may have taken effect all the same; one whose stage never began has not. */
function mayBeApplied(book: ReleaseBook, tier: PlannedTier): boolean {
  const outcome: ReleasedTier['outcome'] = outcomeOf(book, tier);
  const wasBegun = book.story.stages.some((record) => record.stage === tier.id);
  const isUnknown = book.order.recovers !== undefined; // how far the terminated release came, the ledger knows
  return outcome === 'applied' || (outcome === 'not reached' && (wasBegun || isUnknown));
}

function irreversible(tier: PlannedTier): ReleaseError {
  return new ReleaseError('IRREVERSIBLE', `tier ${tier.id} is irreversible: ${tier.irreversible ?? ''}`);
}

function inWords(undone: Undone): string {
  return typeof undone === 'object' ? `left applied: ${undone.code}` : undone;
}
