import { CancellationScope } from '@temporalio/workflow';
import { judgeDrift } from '../core/rules/drift';
import { gatesGoverning, hardQueries, effectiveGates } from '../core/rules/effective-gate';
import { ReleaseError } from '../core/rules/release-error';
import type { PlannedTier } from '../core/schema/plan';
import { anywhere, ask } from './asking';
import { hold } from './hold';
import type { ReleaseBook } from './release-book';
import { waitAtGates } from './release-gate';
import { gatesNote, readMetrics, readSchema, verifyChecks } from './release-preparation';
import type { TierRunner } from './tier-runner';
import { asOutcomeError, judge } from './verdict';

/** Tier by tier, each behind the gates that stand before it; what is applied already stays so. */
export async function applyTiers(book: ReleaseBook, runner: TierRunner): Promise<void> {
  for (const tier of book.known.plan.tiers) {
    if (outcomeOf(book, tier) !== 'not reached') continue;
    const gates = book.gatehouse.before(tier.id);
    if (gates.length > 0) await waitAtGates(book, gates);
    await book.story.stage(
      tier.id,
      () => applyTier(book, runner, tier),
      (note) => note,
    );
  }
}

async function applyTier(book: ReleaseBook, runner: TierRunner, tier: PlannedTier): Promise<string> {
  const gates = governing(book, tier);
  for (;;) {
    const result = await book.gatehouse.abortable(() =>
      runner.run({ tier, direction: 'apply', gates: hardQueries(gates), before: book.metrics }),
    );
    if (result.outcome === 'gate closed') {
      book.gatehouse.read(result.readings);
      await waitAtGates(book, gates);
    } else if (result.outcome === 'already applied') {
      book.note(tier.id, { outcome: 'already applied' });
      return `already applied by ${result.release}`;
    } else if (result.outcome === 'applied') {
      if (Object.keys(result.metrics).length > 0) book.metrics = result.metrics;
      book.gatehouse.read(result.readings);
      book.note(tier.id, {
        outcome: 'applied',
        ms: result.ms,
        attempts: runner.attempts,
        metrics: result.metrics,
      });
      return result.found
        ? 'found applied: the answer of an earlier attempt was lost'
        : `${result.statements} statements, ${result.rows} rows`;
    } else {
      throw new ReleaseError('INTERNAL', `applying ${tier.id} ended as ${result.outcome}`);
    }
  }
}

function governing(book: ReleaseBook, tier: PlannedTier) {
  const { plan, target } = book.known;
  return gatesGoverning(
    effectiveGates(plan, target.policy.gates),
    plan.tiers.map((each) => each.id),
    tier.id,
  );
}

/** 90_verify, read contract, exit baseline, drift. @throws VERIFY_FAILED, BASELINE_DRIFT */
export async function verifyEnd(book: ReleaseBook): Promise<void> {
  const { plan, place } = book.known;
  const { story, record } = book;
  for (const file of [plan.verify, plan.readContract]) {
    if (file === null) continue;
    await story.stage(
      `verify ${file.path}`,
      async () => {
        const { checks } = await ask(place.reads.runChecks, `${file.path}: what must hold now`, {
          database: { target: book.order.target },
          plan: { package: plan.package },
          file,
        });
        verifyChecks(checks, 'VERIFY_FAILED');
        return checks;
      },
      gatesNote,
    );
  }
  await story.stage('exit baseline', async () => {
    const [exit, after] = await Promise.all([readMetrics(book, 'exit baseline'), readSchema(book)]);
    record.baseline.exit = exit;
    record.drift = judgeDrift(plan.metrics, record.baseline.entry, record.baseline.exit);
    record.fingerprint.after = after;
    const drift = record.drift
      .filter((metric) => metric.verdict === 'drift')
      .map(
        (metric) => `${metric.metric}: ${String(metric.entry)} → ${String(metric.exit)}, ${metric.policy}`,
      );
    if (drift.length > 0)
      throw new ReleaseError('BASELINE_DRIFT', `the exit baseline drifted: ${drift.join('; ')}`);
  });
}

/**
 * Rolls back, last first, what this release applied or may have applied, in a scope that cancellation cannot stop. A rollback
 * that fails holds for a person until it has succeeded. @returns whether anything was rolled back
 */
export async function compensate(book: ReleaseBook, runner: TierRunner): Promise<boolean> {
  return CancellationScope.nonCancellable(async () => {
    let isAnyRolledBack = false;
    book.story.show('rolling back');
    for (const tier of [...book.known.plan.tiers].reverse()) {
      const outcome = outcomeOf(book, tier);
      if (outcome === 'already applied' || (outcome === 'not reached' && !wasBegun(book, tier))) continue;
      isAnyRolledBack =
        (await book.story.stage(
          `roll back ${tier.id}`,
          () => rollBackTier(book, runner, tier),
          (done) => (done ? 'rolled back' : 'there was nothing to roll back'),
        )) || isAnyRolledBack;
    }
    if (isAnyRolledBack)
      await book.story.stage(
        'compare with before',
        () => compareWithBefore(book),
        (note) => note,
      );
    return isAnyRolledBack;
  });
}

async function rollBackTier(book: ReleaseBook, runner: TierRunner, tier: PlannedTier): Promise<boolean> {
  for (;;) {
    try {
      if (tier.rollback === null)
        throw new ReleaseError(
          'ROLLBACK_INEXACT',
          `tier ${tier.id} is irreversible: ${tier.irreversible ?? ''}`,
        );
      const result = await runner.run({ tier, direction: 'rollback' });
      const isDone = result.outcome === 'rolled back';
      book.note(tier.id, { outcome: isDone ? 'rolled back' : 'not reached' });
      return isDone;
    } catch (failure) {
      await hold(book, {
        stage: 'stuck',
        why: asOutcomeError(judge(failure)),
        choices: [`decide retry: roll back ${tier.id} again, after a person has mended what stops it`],
        until: (decision) => decision === 'retry',
      });
    }
  }
}

async function compareWithBefore(book: ReleaseBook): Promise<string> {
  const after = await readSchema(book);
  book.record.fingerprint.after = after;
  const before = book.record.fingerprint.before?.ref;
  if (before === undefined) return 'nothing to compare with';
  book.record.rollback = await ask(
    anywhere.compareFingerprints,
    `${book.order.target}: schema after the rollback and before the first tier`,
    { before, after: after.ref },
  );
  book.record.baseline.exit = await readMetrics(book, 'exit baseline after the rollback');
  book.record.drift = judgeDrift(withoutExit(book), book.record.baseline.entry, book.record.baseline.exit);
  return book.record.rollback.verdict;
}

/** After a rollback nothing may have moved but what is organic. */
function withoutExit(book: ReleaseBook) {
  const rules = Object.entries(book.known.plan.metrics).map(
    ([metric, rule]) => [metric, rule.drift === 'organic' ? rule : {}] as const,
  );
  return Object.fromEntries(rules);
}

/** A tier whose attempt failed may have taken effect all the same; one whose stage never began has not. */
function wasBegun(book: ReleaseBook, tier: PlannedTier): boolean {
  return book.story.stages.some((record) => record.stage === tier.id);
}

function outcomeOf(book: ReleaseBook, tier: PlannedTier) {
  return book.tiers.find((each) => each.id === tier.id)?.outcome ?? 'not reached';
}
