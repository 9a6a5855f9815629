import { z } from 'zod';

/** Which columns a rule or a declaration means: `schema.table.column`, where schema and table may be `*`. */
export const ColumnPattern = z
  .string()
  .regex(/^[^.\s]+\.[^.\s]+\.[^.\s*]+$/, 'schema.table.column, where schema and table may be `*`');

/** What becomes of a column's values in a clone. */
export const MaskRule = z.union([
  z.literal('null'),
  z.strictObject({
    sql: z.string().min(1).describe('An SQL expression of the row: what the column becomes.'),
    mayKeep: z
      .string()
      .min(1)
      .optional()
      .describe('Why some rows may keep the value that they had; without it none may.'),
  }),
]);
export type MaskRule = Readonly<z.infer<typeof MaskRule>>;

/** What of a source nobody may see in its clones. It belongs to the source's policy, which a package cannot change. */
export const Masking = z.strictObject({
  sensitive: z
    .array(ColumnPattern)
    .default([])
    .describe('Columns that must have a rule; without one, or where one is gone, no clone is made.'),
  columns: z
    .record(ColumnPattern, MaskRule)
    .default({})
    .describe('What becomes of each column: `null`, or `{sql: expression}`.'),
});
export type Masking = Readonly<z.infer<typeof Masking>>;

/** A column as it was masked, and in how many rows. */
export const MaskedColumn = z.object({ column: z.string(), rows: z.number().int() });
export type MaskedColumn = Readonly<z.infer<typeof MaskedColumn>>;
