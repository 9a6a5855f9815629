import type { AttemptResult } from '../core/schema/attempt';
import type { FingerprintSummary } from '../core/schema/fingerprint';
import type { PlannedTier, ReleasePlan } from '../core/schema/plan';
import { hardQueries } from '../core/rules/effective-gate';
import { ReleaseError } from '../core/rules/release-error';
import { anywhere, ask } from './asking';
import { attemptOnClone } from './clone-attempt';
import type { Attempted } from './clone-attempt';
import type { RehearsalBook } from './rehearsal-book';
import { claimClone } from './rehearsal-claim';

/** A tier that an earlier release has put into effect on the clone, and the fingerprint from before it. */
export interface EarlierTier {
  readonly tier: PlannedTier;
  readonly release: string;
  readonly before: FingerprintSummary;
}

/** The clone as earlier releases would have left it. */
export interface Ground {
  readonly now: FingerprintSummary;
  readonly earlier: readonly EarlierTier[];
}

/** Applies the scopes that the order names, each as a release of its own: claimed, applied, closed. None: the clone as it was restored. */
export async function releaseEarlier(book: RehearsalBook, restored: FingerprintSummary): Promise<Ground> {
  let ground: Ground = { now: restored, earlier: [] };
  for (const scope of book.order.evaluation?.after ?? []) {
    const before = ground;
    ground = await book.story.stage(
      `released before: ${scope}`,
      () => releaseScope(book, scope, before),
      ({ earlier }) => `${earlier.length - before.earlier.length} tiers in effect`,
    );
  }
  return ground;
}

async function releaseScope(book: RehearsalBook, scope: string, ground: Ground): Promise<Ground> {
  const release = `${book.id}.${scope}`;
  const claimant = { ...book.claimant, release, scope };
  const plan = await planOf(book, scope);
  const runner = await claimClone(book, { claimant, plan });
  const earlier = [...ground.earlier];
  let { now } = ground;
  for (const tier of plan.tiers) {
    const wanted = { tier, direction: 'apply', gates: hardQueries(plan.gates) } as const;
    const attempted: Attempted = await attemptOnClone({ book, runner, now }, wanted);
    if (attempted.result.outcome === 'applied') {
      earlier.push({ tier, release, before: now });
      book.evaluated.earlier.push({ id: tier.id, scope, ...measured(attempted.result), ...NOT_ROLLED_BACK });
    }
    now = attempted.now;
  }
  const { database, known } = book;
  await ask(known.atHost.reads.closeClaim, `${book.clone.name}: ${scope} released`, {
    database,
    claimant,
    end: { outcome: 'released', claim: runner.claim, evidence: null },
  });
  return { now, earlier };
}

const NOT_ROLLED_BACK = { rollback: null, rollbackMs: null, differences: [] };

function measured(result: Extract<AttemptResult, { found: boolean }>) {
  const { ms, rows, measures } = result;
  return { ms, rows, measures };
}

async function planOf({ order }: RehearsalBook, scope: string): Promise<ReleasePlan> {
  const { package: pkg } = order;
  const audited = { package: pkg, scope, targets: [] };
  const { plan } = await ask(anywhere.auditOrder, `${pkg.name} ${pkg.version}: scope ${scope}`, audited);
  if (plan.scope !== scope) throw new ReleaseError('INTERNAL', `asked for scope ${scope}, got ${plan.scope}`);
  return plan;
}
