import { z } from 'zod';
import { BudgetRule } from './budget';
import { Calendar } from './calendar';
import { GateRule } from './gate-rule';
import { Duration, MetricValue, Metrics, Name, PackagePath } from './name';

/** What may become of a metric between the entry and the exit baseline. */
export const Drift = z.union([z.enum(['forbidden', 'organic']), z.strictObject({ expected: MetricValue })]);
export type Drift = z.infer<typeof Drift>;

export const MetricRule = z
  .strictObject({
    meaning: z.string().optional().describe('What the metric counts, for people who read a report.'),
    entry: MetricValue.optional().describe('The value without which the release may not start.'),
    exit: MetricValue.optional().describe(
      'The value at the end of the full scope; short for `drift: {expected: …}`.',
    ),
    drift: Drift.optional().describe('forbidden (the default), organic, or {expected: value}.'),
  })
  .refine((rule) => rule.exit === undefined || rule.drift === undefined, {
    message: 'give `exit` or `drift`, not both',
  });
export type MetricRule = z.infer<typeof MetricRule>;

/** A backfill: its one statement runs for one range of keys after the other, each in a transaction of its own. */
export const BatchRule = z.strictObject({
  table: z.string().min(1).describe('The table whose keys are walked through: public.orders.'),
  key: z
    .string()
    .min(1)
    .max(63)
    .describe('A column of it, unique and not null, by which it is walked through.'),
  size: z.number().int().min(1).max(1_000_000).default(1_000).describe('Keys of the first batch.'),
  duration: Duration.default('500ms').describe('How long one batch should take: the size adapts to it.'),
  replicaLag: Duration.default('10s').describe('Batches pause while a replica is further behind than this.'),
});
export type BatchRule = z.infer<typeof BatchRule>;

export const TierRule = z
  .strictObject({
    id: Name.describe('The name of the tier, in the order of application: 10_structure.'),
    apply: PackagePath.describe('The SQL of the tier.'),
    rollback: PackagePath.optional().describe(
      'The file with the section `-- one-roof: rollback <id>`, or a file of its own.',
    ),
    irreversible: z
      .string()
      .min(1)
      .optional()
      .describe('Why the tier cannot be rolled back; instead of `rollback`.'),
    expect: Metrics.default({}).describe('Metrics of the probe that must have these values after the tier.'),
    inert: z.array(z.string()).default([]).describe('Metrics of the probe that the tier must not move.'),
    repeatable: z
      .boolean()
      .default(false)
      .describe('The SQL may run again, past the ledger, and then changes nothing.'),
    transaction: z
      .boolean()
      .default(true)
      .describe(
        'false: each statement outside a transaction (CREATE INDEX CONCURRENTLY), until its effect is there.',
      ),
    batch: BatchRule.optional(),
    budget: BudgetRule.optional().describe(
      'What the tier may cost; each of its keys replaces that of `budget`.',
    ),
    lockTimeout: Duration.default('2s').describe('How long a statement may wait for one lock.'),
    statementTimeout: Duration.default('1h').describe('How long one statement may run.'),
  })
  .refine((tier) => (tier.rollback === undefined) !== (tier.irreversible === undefined), {
    message: 'give `rollback: <file>` or `irreversible: <why>`, exactly one of them',
  })
  .refine((tier) => tier.batch === undefined || tier.transaction, {
    message: 'a tier with `batch` has its own transactions: leave `transaction: false` out',
  })
  .refine((tier) => !tier.repeatable || (tier.batch === undefined && tier.transaction), {
    message: '`repeatable` is for tiers of one transaction: it is tried in one that is rolled back',
  });
export type TierRule = z.infer<typeof TierRule>;

export const ScopeRule = z.strictObject({
  tiers: z.array(Name).min(1).describe('The tiers of this scope, in the order of the package.'),
  exit: Metrics.default({}).describe('Exit values that differ from those of the full scope.'),
  revalidate: Metrics.default({}).describe(
    'Figures of a clone finalized in this scope that differ from those of the full scope.',
  ),
});
export type ScopeRule = z.infer<typeof ScopeRule>;

/** Columns whose values differ between two applications of the same tier, declared so that they are not compared. */
export const VolatileColumns = z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1) });
export type VolatileColumns = z.infer<typeof VolatileColumns>;

/** `release.yaml`: which file of the folder plays which part, and what must hold. DESIGN.md §4. */
export const Descriptor = z
  .strictObject({
    name: Name,
    version: z.string().min(1).max(63),
    database: z.strictObject({
      name: z.string().min(1).describe('The database that the package is for.'),
      postgres: z
        .string()
        .regex(/^>=\d+$/)
        .default('>=14')
        .describe('The major version it needs: ">=14".'),
    }),
    preflight: PackagePath.optional().describe(
      'Read-only checks before anything starts: (check, ok, detail).',
    ),
    tiers: z.array(TierRule).min(1),
    verify: PackagePath.optional().describe('Read-only checks at the end: (check, ok, detail).'),
    readContract: PackagePath.optional().describe(
      'The reads that user interfaces depend on: (check, ok, detail).',
    ),
    revalidate: z
      .strictObject({ file: PackagePath, expect: Metrics.default({}) })
      .optional()
      .describe('Metrics of a finalized clone: (metric, value).'),
    baseline: z
      .strictObject({ probe: PackagePath, metrics: z.record(z.string(), MetricRule).default({}) })
      .optional()
      .describe('The read-only probe, rows of (metric, value), and what each metric may do.'),
    budget: BudgetRule.optional().describe('What each tier may cost those who use the database beside it.'),
    gates: z.array(GateRule).default([]),
    ...Calendar.shape,
    scopes: z.record(Name, ScopeRule).default({}),
    onFailure: z.enum(['rollback', 'hold']).default('rollback'),
    volatile: z.array(VolatileColumns).default([]),
    breakGlass: z.array(PackagePath).default([]).describe('Files for psql, run by hand without One-Roof.'),
    author: Name.optional().describe('Who wrote the package; may not approve it.'),
    lastEditor: Name.optional().describe(
      'Who changed it last; may not approve it. `package manifest --as` writes it.',
    ),
    contacts: z.record(z.string(), z.string()).default({}),
  })
  .superRefine((descriptor, context) => {
    const report = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const tiers = new Set(descriptor.tiers.map((tier) => tier.id));
    verifyTiers(descriptor.tiers, report);
    verifyScopes(descriptor.scopes, tiers, report);
    verifyGates(descriptor.gates, tiers, report);
  });
export type Descriptor = z.infer<typeof Descriptor>;

type Report = (path: (string | number)[], message: string) => void;

function verifyTiers(tiers: readonly TierRule[], report: Report): void {
  tiers.forEach(({ id }, index) => {
    if (tiers.findIndex((other) => other.id === id) !== index)
      report(['tiers', index, 'id'], `tier ${id} stands twice`);
  });
}

function verifyScopes(
  scopes: Readonly<Record<string, ScopeRule>>,
  tiers: ReadonlySet<string>,
  report: Report,
): void {
  for (const [name, scope] of Object.entries(scopes)) {
    for (const tier of scope.tiers)
      if (!tiers.has(tier)) report(['scopes', name, 'tiers'], `there is no tier ${tier}`);
  }
}

function verifyGates(gates: readonly GateRule[], tiers: ReadonlySet<string>, report: Report): void {
  gates.forEach(({ id, before }, index) => {
    if (id.startsWith('target.') || id.startsWith('override.'))
      report(['gates', index, 'id'], 'names that begin with `target.` or `override.` belong to policies');
    if (!tiers.has(before)) report(['gates', index, 'before'], `there is no tier ${before}`);
    if (gates.findIndex((other) => other.id === id) !== index)
      report(['gates', index, 'id'], `gate ${id} stands twice`);
  });
}
