import { CancellationScope, ContinueAsNew, allHandlersFinished, condition } from '@temporalio/workflow';
import { ReleaseError } from '../core/rules/release-error';
import { milliseconds } from '../core/rules/milliseconds';
import { tryingAgain } from '../core/rules/trying-again';
import type { Retry } from '../core/rules/trying-again';
import type { ReleaseOrder } from '../core/schema/order';
import type { ReleaseOutcome } from '../core/schema/outcome';
import { anywhere, ask } from './asking';
import { hold, untilDone } from './hold';
import { ReleaseBook } from './release-book';
import type { Carried } from './release-memory';
import { passGates } from './release-passing';
import { TOUCHED, observe, schemaOf } from './observe';
import { endBeforeClaim, stoppedBy, throwIfStopped } from './release-ending';
import type { Ending } from './release-ending';
import { prepare, verifyNoDrift } from './release-preparation';
import { compensate } from './release-compensation';
import { serverOf, takeDatabase } from './release-claim';
import { waitInLine } from './release-line';
import type { Held } from './release-line';
import { prepareToUndo, undo } from './release-undoing';
import { applyTiers, verifyEnd } from './release-tiers';
import { TierRunner } from './tier-runner';
import { asOutcomeError, isVerdict, judge } from './verdict';

/**
 * Carries a package to its target: wait at each gate, apply tier by tier, verify each, roll all back if one fails. `carried`:
 * it goes on at its first gate, having moved there from older code.
 */
export async function release(order: ReleaseOrder, carried?: Carried): Promise<ReleaseOutcome> {
  const book = new ReleaseBook(order, carried);
  try {
    if (carried === undefined) await prepareFor(book);
    await passFirstGates(book);
  } catch (failure) {
    if (failure instanceof ContinueAsNew) throw failure;
    return finish(book, endBeforeClaim(book, failure), undefined);
  }
  const runner = await claimInTurn(book);
  if ('outcome' in runner) return finish(book, runner, mayHaveClaimed(runner) ? null : undefined);
  const work = book.undoes === undefined ? carryOut : undo;
  return finish(book, await work(book, runner), runner.claim);
}

function prepareFor(book: ReleaseBook): Promise<void> {
  return book.undoes === undefined ? prepare(book) : prepareToUndo(book, book.undoes);
}

/** Nobody is asked whether what a terminated release has left is rolled back. */
async function passFirstGates(book: ReleaseBook): Promise<void> {
  if (book.order.recovers?.choice === 'rollback') return;
  await passGates(book, book.known.plan.tiers[0]?.id ?? '');
}

/** Whoever finds the target held stands in line, and passes its gates again when it is its turn. */
async function claimInTurn(book: ReleaseBook): Promise<TierRunner | Ending> {
  for (;;) {
    const claimed = await claim(book);
    if (!('heldBy' in claimed)) return claimed;
    try {
      await waitInLine(book, claimed);
      await passFirstGates(book);
    } catch (failure) {
      if (failure instanceof ContinueAsNew) throw failure;
      return endBeforeClaim(book, failure);
    }
  }
}

/** The database is ours from here on; what fails before the first tier leaves nothing to roll back. */
async function claim(book: ReleaseBook): Promise<TierRunner | Ending | Held> {
  const { order, story } = book;
  const { plan, place, target } = book.known;
  book.isClaimed = true; // from here on it stays with the code that it was claimed under
  const database = { target: order.target };
  try {
    const taken = await story.stage(
      'claim',
      () => takeDatabase(book),
      (held) => ('heldBy' in held ? held.heldBy : `claim ${held.claim}`),
    );
    if ('heldBy' in taken) return taken;
    if (order.recovers !== undefined) book.returnsTo = taken.fingerprint;
    const onRetry = (retry: Retry): void =>
      story.remark(tryingAgain(retry, { now: Date.now(), then: 'a person is asked', applied: book.applied }));
    return new TierRunner({
      release: book.claimant.release,
      claim: taken.claim,
      plan,
      database,
      registration: 'production',
      place,
      budget: target.policy.lockBudget,
      ...serverOf(book),
      ...(order.rollsBack === undefined ? {} : { of: order.rollsBack }),
      onRetry,
    });
  } catch (failure) {
    return endBeforeClaim(book, failure);
  }
}

/** A claim that was refused for what the database is has written nothing there, and nothing is to be closed in it. */
function mayHaveClaimed({ error }: Ending): boolean {
  return (
    error === undefined ||
    !['WRONG_REGISTRATION', 'NOT_PREPARED', 'RELEASE_CLOSED', 'SUPERSEDED'].includes(error.code)
  );
}

async function carryOut(book: ReleaseBook, runner: TierRunner): Promise<Ending> {
  for (;;) {
    try {
      await book.story.stage('baseline again', async () => {
        if (book.record.fingerprint.before !== null) return;
        const seen = await observe(book, 'baseline and schema again, now that it is held', TOUCHED);
        verifyNoDrift(book, seen.metrics);
        verifySchemaIsBound(book, schemaOf(seen).schema);
        book.record.fingerprint.before = seen.schema;
      });
      await applyTiers(book, runner);
      await verifyEnd(book);
      throwIfStopped(book);
      return { outcome: 'released' };
    } catch (failure) {
      const ending = await judgeFailure(book, failure);
      if (ending === 'retry') continue;
      const { isAnyRolledBack, left } = await compensate(book, runner);
      book.record.rolledBack = isAnyRolledBack;
      if (left !== undefined) return { outcome: 'stuck', error: left };
      return ending.outcome === 'rolled back' && !isAnyRolledBack ? { ...ending, outcome: 'failed' } : ending;
    }
  }
}

/** People approved the release for one schema; what was changed between the gate and the claim was approved by nobody. */
function verifySchemaIsBound({ gatehouse, order }: ReleaseBook, schema: string): void {
  if (gatehouse.bound.schema === schema) return;
  throw new ReleaseError(
    'BASELINE_DRIFT',
    `the schema of ${order.target} has changed since the gate opened`,
    {
      hint: 'Find out who changed it, rehearse again if need be, and start a new release.',
    },
  );
}

/** A verdict of the database compensates; a failure to observe is no reason to undo a good release: a person decides. */
async function judgeFailure(book: ReleaseBook, failure: unknown): Promise<Ending | 'retry'> {
  const stopped = stoppedBy(book, failure);
  if (stopped !== undefined) return stopped;
  const error = asOutcomeError(judge(failure));
  if (isVerdict(failure) && book.known.plan.onFailure === 'rollback')
    return { outcome: 'rolled back', error };
  const { decideWithin } = book.known.target.policy;
  const deadline =
    isVerdict(failure) && decideWithin !== undefined ? Date.now() + milliseconds(decideWithin) : undefined;
  const choices = [
    'decide retry: go on where it stopped',
    'decide rollback: undo what this release has applied',
    ...(deadline === undefined
      ? []
      : [`no decision until ${new Date(deadline).toISOString()}: it is rolled back`]),
  ];
  const choice = await CancellationScope.nonCancellable(() =>
    hold(book, {
      stage: 'hold',
      why: error,
      choices,
      until: () => true,
      ...(deadline === undefined ? {} : { deadline }),
    }),
  );
  if (choice === 'retry') return 'retry';
  return choice === 'rollback'
    ? { outcome: 'rolled back', error }
    : (stoppedBy(book, failure) ?? { outcome: 'aborted', error });
}

/** Evidence, then the claim is closed. `claim`: undefined, it was never asked for; null, its answer is not known. */
async function finish(
  book: ReleaseBook,
  ending: Ending,
  claimed: number | null | undefined,
): Promise<ReleaseOutcome> {
  return CancellationScope.nonCancellable(async () => {
    book.gatehouse.phase = 'ended';
    const evidence = await untilDone(book, () =>
      book.story.stage('evidence', () =>
        ask(anywhere.recordEvidence, `${ending.outcome}: signed and kept`, {
          outcome: book.outcome(ending.outcome, ending.error),
        }),
      ),
    );
    book.record.evidence = evidence.digest;
    if (claimed !== undefined)
      await untilDone(book, () =>
        close(book, { outcome: ending.outcome, claim: claimed, evidence: evidence.digest }),
      );
    book.story.goOn();
    book.story.show(ending.outcome);
    await condition(allHandlersFinished);
    await book.line.handOn();
    return book.outcome(ending.outcome, ending.error);
  });
}

async function close(
  book: ReleaseBook,
  end: { outcome: string; claim: number | null; evidence: string },
): Promise<void> {
  const { order } = book;
  await book.story.stage('close claim', () =>
    ask(book.known.place.reads.closeClaim, `${order.target}: free for others`, {
      database: { target: order.target },
      claimant: book.claimant,
      end,
    }),
  );
}
