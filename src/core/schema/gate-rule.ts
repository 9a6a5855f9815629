import { z } from 'zod';
import { Duration, Name } from './name';

/** How many of whom: `{need: 1, of: [dba-a, dba-b]}`, or as text `1 of [dba-a, dba-b]`. */
export const Quorum = z.preprocess(
  parseQuorumText,
  z
    .strictObject({ need: z.number().int().min(1), of: z.array(Name).min(1) })
    .refine((quorum) => new Set(quorum.of).size >= quorum.need, {
      message: 'needs more people than it names',
    }),
);
export type Quorum = z.infer<typeof Quorum>;

/** When a hard gate's single value counts as open: a comparison, `> 0`. */
export const OpensWhen = z
  .string()
  .regex(/^(>|>=|<|<=|=|<>)\s*-?\d+(\.\d+)?$/, 'a comparison with a number: `> 0`');
export type OpensWhen = z.infer<typeof OpensWhen>;

export const HardGate = z.strictObject({
  sql: z.string().min(1).describe('One read-only select that yields one value, read on the target.'),
  opens: OpensWhen,
});
export type HardGate = z.infer<typeof HardGate>;

/** What holds a release back before a tier: people's approvals and a query on the target. Both are needed. */
export const GateRule = z.strictObject({
  id: Name,
  before: Name.describe('The tier that the gate stands before.'),
  scopes: z.array(Name).optional().describe('The scopes it holds for; all when it is left out.'),
  approvals: z.record(Name, Quorum).default({}).describe('Groups of approvers, each with its quorum.'),
  hard: HardGate.optional(),
  validFor: Duration.optional().describe(
    'How long an approval of it counts; never longer than the policy says.',
  ),
});
export type GateRule = z.infer<typeof GateRule>;

/** A gate of a target's policy: `before: first` stands before whatever tier is first. */
export const PolicyGate = GateRule.extend({ before: z.union([z.literal('first'), Name]).default('first') });
export type PolicyGate = z.infer<typeof PolicyGate>;

function parseQuorumText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = /^\s*(\d+)\s+of\s+\[([^\]]*)\]\s*$/.exec(value);
  if (match === null) return value;
  const [, need = '', names = ''] = match;
  return { need: Number(need), of: names.split(',').map((name) => name.trim()) };
}
