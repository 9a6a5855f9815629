import { z } from 'zod';
import { Sha256 } from './name';

/** One object of the catalog, normalised: null grants are spelled out, One-Roof's own schema is left out. */
export const CatalogObject = z.object({
  kind: z.string().describe('table, column, view, function, constraint, …'),
  name: z.string().describe('schema-qualified and unique within its kind'),
  definition: z.string(),
});
export type CatalogObject = z.infer<typeof CatalogObject>;

/** A table's rows: how many, and an order-free digest of them, hashed by column name. */
export const TableContent = z.object({ rows: z.number().int(), digest: z.string() });
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

/** What differs between two fingerprints; at most 50 lines are listed, `more` counts the rest. */
export const Comparison = z.object({
  verdict: RollbackVerdict,
  differences: z.array(z.string()),
  more: z.number().int(),
});
export type Comparison = z.infer<typeof Comparison>;
