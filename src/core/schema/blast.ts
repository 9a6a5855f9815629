import { z } from 'zod';

/** What a lock keeps other sessions from while it is held, by PostgreSQL's table of conflicting lock modes. */
export const Blocked = z.enum([
  'reads and writes',
  'writes',
  'schema changes',
  'nothing that applications do',
]);
export type Blocked = z.infer<typeof Blocked>;

/** A lock that a statement took and held until the end. */
export const LockHeld = z.object({
  relation: z.string(),
  mode: z.string().describe('as pg_locks names it: AccessExclusiveLock'),
  heldMs: z
    .number()
    .optional()
    .describe('from the beginning of its statement, so with the wait for it, to the end of the transaction'),
  blocks: Blocked.optional(),
  isNew: z.boolean().optional().describe('the tier made the relation: nobody else knows it yet'),
});
export type LockHeld = z.infer<typeof LockHeld>;

export const IndexBuild = z.object({ index: z.string(), table: z.string() });
export type IndexBuild = z.infer<typeof IndexBuild>;

/** A whole table was read to validate a constraint, NOT NULL or the bounds of a partition. */
export const ValidationScan = z.object({
  relation: z.string(),
  rows: z.number().nullable().describe('rows read; null: not measured'),
});
export type ValidationScan = z.infer<typeof ValidationScan>;

/** The bytes of a table with its indexes and TOAST. */
export const SizeChange = z.object({
  relation: z.string(),
  before: z.number().nullable().describe('null: not measured'),
  after: z.number(),
});
export type SizeChange = z.infer<typeof SizeChange>;

export const TierLock = z.object({
  relation: z.string(),
  mode: z.string(),
  ms: z.number().describe('how long it was held'),
  blocks: Blocked,
});
export type TierLock = z.infer<typeof TierLock>;

/** What a tier did to those who use the database beside it. What it made itself does not count: nobody else knows it yet. */
export const TierBlast = z.object({
  lockMs: z.number().describe('the longest time for which a lock kept others from reading or writing'),
  longestLock: TierLock.nullable().describe('that lock; null: nobody was kept from reading or writing'),
  strongestLock: TierLock.nullable().describe('null: it locked nothing that was there before'),
  blocks: Blocked.describe('by the strongest lock'),
  rewrites: z.array(z.string()).describe('tables and materialized views that were written anew'),
  indexBuilds: z.array(IndexBuild).describe('on tables that were there before'),
  scans: z.array(ValidationScan).describe('of tables that were there before'),
  more: z
    .number()
    .int()
    .describe('rewrites, index builds and scans that are left out; the measures have them'),
  walBytes: z.number(),
  sizeChange: z.number().nullable().describe('bytes that its tables have grown by; null: not measured'),
  temporaryBytes: z.number().nullable().describe('of temporary files; null: the server does not tell'),
});
export type TierBlast = z.infer<typeof TierBlast>;

/** A figure of production beside that of the rehearsal. */
export const FigureCompared = z.object({
  rehearsed: z.number(),
  released: z.number(),
  ratio: z.number().nullable().describe('released / rehearsed; null: it was 0 in rehearsal'),
});
export type FigureCompared = z.infer<typeof FigureCompared>;

/** A tier in production, compared with its rehearsal; what was not measured in both is left out. */
export const BlastComparison = z.object({
  ms: FigureCompared,
  lockMs: FigureCompared.optional(),
  walBytes: FigureCompared.optional(),
});
export type BlastComparison = z.infer<typeof BlastComparison>;
