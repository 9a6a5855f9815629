import { z } from 'zod';

/** A name that people type and that ends up in ids, file names and database comments: lower case, digits, `_`, `-`, `.`. */
export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'lower case letters, digits, `_`, `-`, `.`; at most 63');
export type Name = z.infer<typeof Name>;

/** The lower-case hexadecimal SHA-256 of some bytes. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 lower-case hexadecimal digits');
export type Sha256 = z.infer<typeof Sha256>;

/** A path inside a release package: relative, forward slashes, no `.`/`..` segments. */
export const PackagePath = z
  .string()
  .min(1)
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    message: 'a relative path with forward slashes and no `.` or `..`',
  })
  .refine((path) => !path.includes('\\') && !path.includes('\0'), { message: 'no backslash and no NUL' });
export type PackagePath = z.infer<typeof PackagePath>;

/** A duration as people write it: `500ms`, `2s`, `5m`, `1h`, `7d`. */
export const Duration = z.string().regex(/^\d+(ms|s|m|h|d)$/, 'a number and one of ms, s, m, h, d: `2s`');
export type Duration = z.infer<typeof Duration>;

/** A metric's value: a count where it is a safe integer, text otherwise. */
export const MetricValue = z.union([z.number(), z.string(), z.null()]);
export type MetricValue = z.infer<typeof MetricValue>;

/** Values of metrics by name. */
export const Metrics = z.record(z.string(), MetricValue);
export type Metrics = Readonly<z.infer<typeof Metrics>>;
