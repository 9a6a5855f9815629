import { CancellationScope } from '@temporalio/workflow';
import { forbiddenDrift } from '../core/rules/drift';
import { ReleaseError } from '../core/rules/release-error';
import type { Metrics } from '../core/schema/name';
import type { RehearsalOrder } from '../core/schema/order';
import type { OutcomeError, RehearsalOutcome } from '../core/schema/outcome';
import { anywhere, ask } from './asking';
import { RehearsalBook } from './rehearsal-book';
import { claimClone } from './rehearsal-claim';
import { makeClone, prepare } from './rehearsal-clone';
import { releaseEarlier } from './rehearsal-earlier';
import { dropClone, finish, wordsOf } from './rehearsal-end';
import { lookAfter, lookBefore } from './rehearsal-looks';
import { Proof } from './rehearsal-proof';
import { verifyChecks } from './release-preparation';
import { judge } from './verdict';

/** Rehearses a package on a clone of the source: apply, verify, repeat, roll back, apply again, drop; the source is only read. */
export async function rehearsal(order: RehearsalOrder): Promise<RehearsalOutcome> {
  const scope = new CancellationScope();
  const book = new RehearsalBook(order, scope);
  let error: OutcomeError | undefined;
  try {
    await scope.run(() => rehearse(book));
  } catch (failure) {
    error = wordsOf(book, failure);
  }
  return CancellationScope.nonCancellable(() => finish(book, error));
}

async function rehearse(book: RehearsalBook): Promise<void> {
  book.story.show('rehearsing');
  await prepare(book);
  const base = await makeClone(book);
  const ground = await releaseEarlier(book, base);
  const runner = await claimClone(book, { claimant: book.claimant, plan: book.known.plan });
  const proof = new Proof(book, runner, ground);
  await lookBefore(book);
  await proof.applyAll();
  const applied = proof.fingerprint;
  book.tellFingerprints({ before: base.ref, applied: applied.ref });
  Object.assign(book.evaluated, { entry: base, end: applied });
  await book.story.stage(
    'revalidate',
    () => revalidate(book),
    (figures) => `${Object.keys(figures).length} figures`,
  );
  await book.story.stage('repeat', () => proof.repeatAll());
  await proof.rollBackAll();
  await proof.rollBackEarlier();
  await book.story.stage(
    'apply again',
    () => proof.applyAgain(applied),
    (comparison) => comparison.verdict,
  );
  await book.story.stage(
    'protected tables',
    () => compareProtected(book, base.ref, applied.ref),
    (note) => note,
  );
  if (book.order.keepAs === undefined) await dropClone(book);
  else await keepClone(book, { keepAs: book.order.keepAs, claim: runner.claim });
  await book.story.stage('exit baseline', () => exitBaseline(book));
}

/** The figures of the finalized clone: probe, verification, read contract, revalidation. They are reported also when they are wrong. */
async function revalidate(book: RehearsalBook): Promise<Metrics> {
  const { plan, atHost } = book.known;
  const { database, record } = book;
  const where = { database, plan: { package: plan.package } };
  await lookAfter(book);
  if (plan.probe !== null) {
    const read = await ask(
      atHost.reads.readBaseline,
      `${book.clone.name}: the probe on the finalized clone`,
      { ...where, file: plan.probe },
    );
    record.figures = { ...record.figures, ...read.metrics };
  }
  if (plan.revalidate !== null) {
    try {
      const read = await ask(
        atHost.reads.revalidate,
        `${plan.revalidate.file.path}: what must hold on a finalized clone`,
        { ...where, ...plan.revalidate },
      );
      record.figures = { ...record.figures, ...read.metrics };
    } catch (failure) {
      record.figures = { ...record.figures, ...figuresOf(failure) };
      throw failure;
    }
  }
  for (const file of [plan.verify, plan.readContract]) {
    if (file === null) continue;
    const { checks } = await ask(atHost.reads.runChecks, `${file.path}: what must hold at the end`, {
      ...where,
      file,
    });
    verifyChecks(checks, 'VERIFY_FAILED');
  }
  return record.figures;
}

async function compareProtected(book: RehearsalBook, before: string, after: string): Promise<string> {
  const tables = book.known.source.policy.protectedTables;
  if (tables.length === 0) return 'the policy names none';
  const comparison = await ask(
    anywhere.compareFingerprints,
    `${tables.length} protected tables: before the first tier and after the last`,
    { before, after, tables },
  );
  if (comparison.verdict !== 'identical')
    throw new ReleaseError('PROTECTED_CHANGED', comparison.differences.join('; '));
  return `${tables.length} unchanged`;
}

async function exitBaseline(book: RehearsalBook): Promise<void> {
  const { plan, atSource } = book.known;
  const { record, order } = book;
  if (record.mutations.source > 0) throw wrote(book);
  if (plan.probe === null) return;
  const read = await ask(atSource.reads.readBaseline, `${order.source}: exit baseline`, {
    database: { target: order.source },
    plan: { package: plan.package },
    file: plan.probe,
  });
  record.mutations.source += read.mutations;
  record.baseline.exit = read.metrics;
  if (record.mutations.source > 0) throw wrote(book);
  const moved = forbiddenDrift(plan.metrics, record.baseline.entry, read.metrics);
  if (moved.length > 0)
    throw new ReleaseError(
      'BASELINE_DRIFT',
      `${order.source} moved while it was rehearsed: ${moved.join('; ')}`,
    );
}

function wrote({ record, order }: RehearsalBook): ReleaseError {
  return new ReleaseError(
    'READ_WROTE',
    `${record.mutations.source} reads of ${order.source} were assigned a transaction id`,
  );
}

/** Nothing holds a clone that is kept: whoever takes it next can claim it. */
async function keepClone(
  book: RehearsalBook,
  { keepAs, claim }: { keepAs: string; claim: number },
): Promise<void> {
  const { order, clone, database } = book;
  const { atHost } = book.known;
  await book.story.stage('keep', async () => {
    await ask(atHost.reads.closeClaim, `${clone.name}: free for others`, {
      database,
      claimant: book.claimant,
      end: { outcome: 'rehearsed', claim, evidence: null },
    });
    await ask(atHost.long.keepClone, `${clone.name}: kept as ${keepAs}`, {
      host: order.cloneHost,
      clone,
      keepAs,
    });
  });
  book.record.clone = keepAs;
}

function figuresOf(failure: unknown): Metrics {
  const figures: unknown = judge(failure).details['metrics'];
  return typeof figures === 'object' && figures !== null ? Object.fromEntries(Object.entries(figures)) : {};
}
