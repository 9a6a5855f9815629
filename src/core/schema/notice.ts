import { z } from 'zod';
import { Name } from './name';
import { PackageRef } from './plan';

const Variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable');

/** Where people are told. Addresses and secrets stand in the worker's environment: they never travel. */
export const Sink = z.union([
  z.strictObject({
    webhook: z.strictObject({
      urlFrom: Variable.describe('The environment variable of the worker that holds the URL.'),
      secretFrom: Variable.optional().describe('The one that holds the key of the signature.'),
      format: z.enum(['generic', 'slack', 'teams']).default('generic'),
    }),
  }),
  z.strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .describe('A program and its arguments; the notice is its standard input.'),
    environment: z
      .array(Variable)
      .default([])
      .describe("What it may know of the worker's environment, beside PATH, HOME, LANG and TZ."),
  }),
]);
export type Sink = z.infer<typeof Sink>;

/** What people are told: that a person must act, and how. */
export const Notice = z.object({
  key: z.string().describe('the same for each delivery of one notice'),
  kind: z.enum(['hold', 'stuck', 'reminder', 'voided', 'gate', 'anomaly', 'alarm']),
  workflow: z.string(),
  target: Name,
  package: PackageRef.nullable().describe('null: it is about the target'),
  title: z.string(),
  lines: z.array(z.string()).describe('what it waits for'),
  choices: z.array(z.string()).describe('what a person may decide, with the consequences'),
  orders: z
    .array(z.object({ release: z.string(), text: z.string() }))
    .optional()
    .describe('the exact orders behind gates that have opened, in Markdown'),
  at: z.string(),
});
export type Notice = z.infer<typeof Notice>;
