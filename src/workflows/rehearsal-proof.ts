import { ReleaseError } from '../core/rules/release-error';
import type { AttemptResult } from '../core/schema/attempt';
import type { Comparison, FingerprintSummary } from '../core/schema/fingerprint';
import type { PlannedTier } from '../core/schema/plan';
import { hardQueries } from '../core/rules/effective-gate';
import { anywhere, ask } from './asking';
import { attemptOnClone } from './clone-attempt';
import type { RehearsalBook } from './rehearsal-book';
import type { EarlierTier, Ground } from './rehearsal-earlier';
import type { TierRunner, Wanted } from './tier-runner';

/** Proves on the clone what a release relies on: the tiers apply, may be repeated, and roll back to exactly what was before. */
export class Proof {
  /** Each applied tier, with the fingerprint from before it. */
  private readonly applied: { readonly tier: PlannedTier; readonly before: FingerprintSummary }[] = [];
  private readonly earlier: readonly EarlierTier[];
  private now: FingerprintSummary;

  constructor(
    private readonly book: RehearsalBook,
    private readonly runner: TierRunner,
    ground: Ground,
  ) {
    this.now = ground.now;
    this.earlier = ground.earlier;
  }

  /** Read inside each tier's transaction, by the executor: recorded, not required on a clone. */
  private get gates() {
    return hardQueries(this.book.known.plan.gates);
  }

  get fingerprint(): FingerprintSummary {
    return this.now;
  }

  /** Every tier that is not in effect already. */
  async applyAll(): Promise<void> {
    for (const tier of this.book.known.plan.tiers) {
      await this.book.story.stage(
        tier.id,
        () => this.apply(tier),
        (note) => note,
      );
    }
  }

  /** The SQL of repeatable tiers once more, past the ledger. @throws NOT_REPEATABLE */
  async repeatAll(): Promise<void> {
    for (const { tier } of this.applied) {
      if (!tier.rules.repeatable) {
        this.book.note(tier.id, { repeat: 'not declared' });
        continue;
      }
      const before = this.now;
      await this.attempt(tier, { direction: 'apply', repeat: true });
      const comparison = await this.compare(before, `${tier.id} repeated`);
      this.book.note(tier.id, { repeat: comparison.verdict === 'identical' ? 'unchanged' : 'changed' });
      if (comparison.verdict !== 'identical')
        throw new ReleaseError(
          'NOT_REPEATABLE',
          `tier ${tier.id}, run again, changed ${comparison.differences.join('; ')}`,
        );
    }
  }

  /** Tier by tier, last first, each compared with the fingerprint from before it. @throws ROLLBACK_INEXACT after all were tried */
  async rollBackAll(): Promise<void> {
    const inexact: string[] = [];
    for (const { tier, before } of [...this.applied].reverse()) {
      if (tier.rollback === null)
        throw new ReleaseError(
          'ROLLBACK_INEXACT',
          `tier ${tier.id} is irreversible: ${tier.irreversible ?? ''}; what lies below it cannot be proven`,
        );
      const comparison = await this.book.story.stage(
        `roll back ${tier.id}`,
        () => this.rollBack(tier, before),
        (c) => c.verdict,
      );
      if (comparison.verdict !== 'identical')
        inexact.push(`${tier.id} is ${comparison.verdict}: ${comparison.differences.slice(0, 5).join('; ')}`);
    }
    if (inexact.length > 0) throw new ReleaseError('ROLLBACK_INEXACT', inexact.join('\n'));
  }

  /** What earlier releases had applied, last first, now that nothing stands on it: back to the clone as it was restored. @throws ROLLBACK_INEXACT */
  async rollBackEarlier(): Promise<void> {
    const inexact: string[] = [];
    for (const earlier of [...this.earlier].reverse()) {
      const { tier } = earlier;
      const { verdict, differences } = await this.book.story.stage(
        `roll back ${tier.id}`,
        () => this.rollBackEarlierTier(earlier),
        (comparison) => comparison.verdict,
      );
      if (verdict !== 'identical')
        inexact.push(`${tier.id} is ${verdict}: ${differences.slice(0, 5).join('; ')}`);
    }
    if (inexact.length > 0) throw new ReleaseError('ROLLBACK_INEXACT', inexact.join('\n'));
  }

  /** All tiers once more: the same state as the first time. */
  async applyAgain(first: FingerprintSummary): Promise<Comparison> {
    for (const { tier } of [...this.earlier, ...this.applied])
      await this.attempt(tier, { direction: 'apply' });
    const comparison = await this.compare(first, 'applied again');
    this.book.record.reapplied = comparison;
    if (comparison.verdict !== 'identical') {
      throw new ReleaseError(
        'ROLLBACK_INEXACT',
        `applied again, the clone is not what it was the first time: ${comparison.differences.join('; ')}`,
        {
          hint: 'Use natural keys and fixed dates in seeded rows, or declare volatile columns.',
        },
      );
    }
    return comparison;
  }

  private async apply(tier: PlannedTier): Promise<string> {
    const before = this.now;
    const result = await this.attemptOrTell(tier);
    if (result.outcome === 'already applied') {
      this.book.note(tier.id, { outcome: 'already applied' });
      return `already applied by ${result.release}`;
    }
    if (!('found' in result))
      throw new ReleaseError('INTERNAL', `applying ${tier.id} on a clone ended as ${result.outcome}`);
    this.applied.push({ tier, before });
    const { ms, statements, rows, walBytes, metrics, touched, measures, blast } = result;
    this.book.note(tier.id, {
      outcome: 'applied',
      ms,
      statements,
      rows,
      walBytes,
      metrics,
      measures,
      locks: touched.length,
      ...(blast === undefined ? {} : { blast }),
      touched: [...touched],
    });
    return `${statements} statements, ${rows} rows`;
  }

  private async attemptOrTell(tier: PlannedTier): Promise<AttemptResult> {
    try {
      return await this.attempt(tier, { direction: 'apply' });
    } catch (failure) {
      this.book.note(tier.id, { outcome: 'failed' });
      throw failure;
    }
  }

  private async rollBack(tier: PlannedTier, before: FingerprintSummary): Promise<Comparison> {
    const result = await this.attempt(tier, { direction: 'rollback' }).catch((failure: unknown) => {
      this.book.note(tier.id, { rollback: 'does not run' });
      throw failure;
    });
    const comparison = await this.compare(before, `${tier.id} rolled back`);
    const { verdict, differences } = comparison;
    const explained = verdict === 'identical' ? {} : { notRestored: comparison };
    const took = 'found' in result ? { rollbackMs: result.ms } : {};
    this.book.note(tier.id, { rollback: verdict, differences, ...explained, ...took });
    return comparison;
  }

  private async rollBackEarlierTier({ tier, release, before }: EarlierTier): Promise<Comparison> {
    const { book } = this;
    const result = await this.attempt(tier, { direction: 'rollback', of: release }).catch(
      (failure: unknown) => {
        book.noteEarlier(tier.id, { rollback: 'does not run' });
        throw failure;
      },
    );
    const comparison = await this.compare(before, `${tier.id} rolled back`);
    const { verdict: rollback, differences } = comparison;
    book.noteEarlier(tier.id, { rollback, differences, rollbackMs: 'found' in result ? result.ms : null });
    return comparison;
  }

  private async attempt(tier: PlannedTier, how: Omit<Wanted, 'tier' | 'gates'>): Promise<AttemptResult> {
    const { book, runner, now } = this;
    const attempted = await attemptOnClone({ book, runner, now }, { tier, gates: this.gates, ...how });
    this.now = attempted.now;
    return attempted.result;
  }

  private compare(before: FingerprintSummary, what: string): Promise<Comparison> {
    if (before.ref === this.now.ref)
      return Promise.resolve({ verdict: 'identical', differences: [], more: 0 });
    return ask(anywhere.compareFingerprints, `${what}: against before`, {
      before: before.ref,
      after: this.now.ref,
    });
  }
}
