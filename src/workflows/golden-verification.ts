import { compareMetrics } from '../core/rules/compare-metrics';
import { unmetExpectations } from '../core/rules/expectations';
import type { CloneRef } from '../core/schema/database-ref';
import type { Comparison } from '../core/schema/fingerprint';
import type { GoldenRecord, MetricDifference } from '../core/schema/golden';
import type { Metrics } from '../core/schema/name';
import type { ReleasePlan } from '../core/schema/plan';
import { anywhere, ask } from './asking';
import type { GoldenBook } from './golden-book';
import { isVerdict, judge } from './verdict';

/** What a database was found to be, beside what is recorded of it. */
export interface Verification {
  readonly comparison: Comparison;
  readonly metrics: MetricDifference[];
  readonly problems: string[];
}

/** The package and scope that a golden was finalized with. */
export async function readPlan(
  { order: { host } }: GoldenBook,
  { package: pkg, scope }: Pick<GoldenRecord, 'package' | 'scope'>,
): Promise<ReleasePlan> {
  const summary = `${pkg.name} ${pkg.version}: every byte against its manifest`;
  return (await ask(anywhere.auditOrder, summary, { package: pkg, scope, targets: [host] })).plan;
}

/** Reads a database against the record: every object and row, the probe's metrics, what must hold on a finalized clone. */
export async function verifyAgainst(
  book: GoldenBook,
  clone: CloneRef,
  record: GoldenRecord,
): Promise<Verification> {
  const plan = await readPlan(book, record);
  const comparison = await book.stage(
    'fingerprint',
    () => compareWithRecord(book, clone, record),
    ({ verdict }) => verdict,
  );
  const probed = await book.stage('baseline', () => readProbe(book, clone, plan));
  const names = { recorded: book.order.name, found: clone.name };
  const recorded = probed.problems.length > 0 ? {} : record.baseline;
  const metrics = compareMetrics(plan.metrics, { recorded, found: probed.figures, names });
  const finalized = await book.stage('revalidate', () => revalidate(book, clone, plan));
  const moved = finalized.problems.length > 0 ? [] : unmetExpectations(record.figures, finalized.figures);
  const problems = [...finalized.problems, ...moved].map((each) => `clone_revalidation: ${each}`);
  return { comparison, metrics, problems: [...probed.problems, ...problems] };
}

async function compareWithRecord(
  book: GoldenBook,
  clone: CloneRef,
  record: GoldenRecord,
): Promise<Comparison> {
  const now = await ask(book.atHost.long.fingerprintClone, `${clone.name}: every object and row`, {
    database: book.database(clone),
    volatile: [],
  });
  if (now.ref === record.fingerprint.ref) return { verdict: 'identical', differences: [], more: 0 };
  return ask(anywhere.compareFingerprints, `${clone.name}: against the record`, {
    before: record.fingerprint.ref,
    after: now.ref,
  });
}

/** Metrics, or why they could not be read: a database in which an object is gone is a finding, no failure of the look. */
interface Figures {
  readonly figures: Metrics;
  readonly problems: readonly string[];
}

/** The probe's metrics; none where the package has no probe. */
async function readProbe(book: GoldenBook, clone: CloneRef, plan: ReleasePlan): Promise<Figures> {
  const { probe: file, package: pkg } = plan;
  if (file === null) return { figures: {}, problems: [] };
  return figuresOf(() =>
    ask(book.atHost.reads.readBaseline, `${clone.name}: the probe`, {
      database: book.database(clone),
      plan: { package: pkg },
      file,
    }),
  );
}

/** The package's `revalidate`: its figures, and what it expects and does not find. */
export async function revalidate(book: GoldenBook, clone: CloneRef, plan: ReleasePlan): Promise<Figures> {
  if (plan.revalidate === null) return { figures: {}, problems: [] };
  const { file, expect } = plan.revalidate;
  return figuresOf(() =>
    ask(book.atHost.reads.revalidate, `${file.path}: what must hold on a finalized clone`, {
      database: book.database(clone),
      plan: { package: plan.package },
      file,
      expect,
    }),
  );
}

async function figuresOf(read: () => Promise<{ readonly metrics: Metrics }>): Promise<Figures> {
  try {
    return { figures: (await read()).metrics, problems: [] };
  } catch (failure) {
    if (!isVerdict(failure)) throw failure;
    return { figures: {}, problems: [judge(failure).message] };
  }
}

/** In words: what is not as it was recorded. Empty: it is. */
export function wordsOf({ comparison, metrics, problems }: Verification): readonly string[] {
  const more = comparison.more === 0 ? [] : [`and ${comparison.more} more`];
  return [
    ...comparison.differences,
    ...more,
    ...metrics.map(
      ({ metric, recorded, found }) => `${metric} is ${String(found)}, recorded ${String(recorded)}`,
    ),
    ...problems,
  ];
}
