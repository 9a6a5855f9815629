import { z } from 'zod';
import { Sha256 } from './name';

/** One object of the catalog, normalised: null grants are spelled out, One-Roof's own schema is left out. */
export const CatalogObject = z.object({
  kind: z.string().describe('table, column, view, function, constraint, …'),
  name: z.string().describe('schema-qualified and unique within its kind'),
  definition: z.string(),
});
export type CatalogObject = z.infer<typeof CatalogObject>;

/**
 * What a later fingerprint needs to name the rows that differ, a line each, parsed only where a table differs. `row`: of a
 * small table, `BUCKET HASH KEY`, the key as JSON; `bucket`: of a large one, `BUCKET SUM ROWS`. Production's keys stand in
 * it: it lives in the store and in files that a person writes, never in a history.
 */
export const RowDetail = z.object({
  by: z.enum(['row', 'bucket']),
  key: z.string().nullable().describe('the primary key’s columns; null: none, rows stand for themselves'),
  of: z.number().int().describe('how many buckets; a power of two'),
  lines: z.string(),
});
export type RowDetail = z.infer<typeof RowDetail>;

/** A table's rows: how many, and an order-free digest of them, hashed by column name. */
export const TableContent = z.object({
  rows: z.number().int(),
  digest: z.string(),
  detail: RowDetail.optional(),
});
export type TableContent = z.infer<typeof TableContent>;

/** All of a database that a rollback must give back. Kept in the store under the digest of its JSON. */
export const Fingerprint = z.object({
  objects: z.array(CatalogObject),
  contents: z.record(z.string(), TableContent).describe('by schema.table, quoted as PostgreSQL quotes them'),
  sequences: z
    .record(z.string(), z.string())
    .describe('positions; reported, never compared: PostgreSQL does not roll them back'),
});
export type Fingerprint = z.infer<typeof Fingerprint>;

/** A fingerprint that a person keeps: what `one-roof fingerprint` writes and `one-roof diff` reads. */
export const KeptFingerprint = z.looseObject({
  kind: z.literal('fingerprint'),
  of: z.string(),
  at: z.string(),
  fingerprint: Fingerprint,
});
export type KeptFingerprint = z.infer<typeof KeptFingerprint>;

/** What a history carries of a fingerprint. */
export const FingerprintSummary = z.object({
  ref: Sha256.describe('the document in the store'),
  schema: Sha256.describe('digest of all catalog objects'),
  contents: Sha256.describe('digest of all tables’ rows'),
  tables: z.number().int(),
  rows: z.number().int(),
});
export type FingerprintSummary = z.infer<typeof FingerprintSummary>;

/** DESIGN.md §12: what became of a rollback. */
export const RollbackVerdict = z.enum([
  'identical',
  'order only',
  'name only',
  'not deterministic',
  'different',
  'does not run',
  'missing',
]);
export type RollbackVerdict = z.infer<typeof RollbackVerdict>;

/** An object that differs, its definitions side by side; null: not there. Long ones are cut. */
export const DifferingObject = z.object({
  kind: z.string(),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type DifferingObject = z.infer<typeof DifferingObject>;

/** By how many rows a table differs. Without keys: histories are readable. */
export const DifferingRows = z.object({
  table: z.string(),
  before: z.number().int().describe('how many rows there were'),
  after: z.number().int(),
  missing: z.number().int().describe('rows before that are not there after'),
  added: z.number().int().describe('rows after that were not there before'),
  changed: z.number().int().nullable().describe('null: its columns differ, values cannot be compared'),
  exact: z.boolean().describe('false: found by buckets, at least so many'),
});
export type DifferingRows = z.infer<typeof DifferingRows>;

/** What differs between two fingerprints; at most 50 lines are listed, `more` counts the rest. */
export const Comparison = z.object({
  verdict: RollbackVerdict,
  differences: z.array(z.string()),
  more: z.number().int(),
  objects: z.array(DifferingObject).optional().describe('the first 20 of them'),
  rows: z.array(DifferingRows).optional().describe('the first 20 tables'),
  documents: z
    .object({ before: Sha256, after: Sha256 })
    .optional()
    .describe(
      'the whole fingerprints in the store: `one-roof diff` names the rows of small tables from them',
    ),
});
export type Comparison = z.infer<typeof Comparison>;
