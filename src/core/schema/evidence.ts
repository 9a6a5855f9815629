import { z } from 'zod';
import { Approval, RecordedAct, VoidedApprovals } from './act';
import { Loss } from './attempt';
import { EvaluationOutcome } from './evaluation';
import { Comparison, RollbackVerdict } from './fingerprint';
import { RehearsalOutcome, ReleaseOutcome, ReleasedTier, StageRecord } from './outcome';
import { Name, Sha256 } from './name';

const StatementHead = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })).min(1),
  predicateType: z.string(),
});

/** An in-toto statement: a package's digest, and what a workflow observed of it. */
export const Statement = StatementHead.extend({
  predicate: z.discriminatedUnion('kind', [RehearsalOutcome, ReleaseOutcome, EvaluationOutcome]),
});
export type Statement = z.infer<typeof Statement>;

/** How a workflow ended: what the last link of its chain states. */
export const Outcome = Statement.shape.predicate;
export type Outcome = z.infer<typeof Outcome>;

/** Where a link stands. */
export const ChainPosition = z.object({
  of: z.string().describe('the workflow whose chain it is'),
  number: z.number().int().min(1),
  previous: Sha256.nullable().describe('digest of the link before it; null: it is the first'),
});
export type ChainPosition = z.infer<typeof ChainPosition>;

/** What a release found of the rehearsal that it goes by. */
export const RehearsalSummary = z.object({
  id: z.string(),
  outcome: RehearsalOutcome.shape.outcome,
  digest: Sha256.describe('of the package'),
  scope: Name,
  source: Name,
  registration: Sha256.nullable().describe('which database the source was: one of the same name is another'),
  endedAt: z.string(),
  tiers: z.array(z.object({ id: Name, rollback: RollbackVerdict.nullable() })),
});
export type RehearsalSummary = z.infer<typeof RehearsalSummary>;

/** What one link says. */
export const Link = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('audit'),
    manifest: z
      .array(z.string())
      .nullable()
      .describe('the lines of the manifest in their order: their SHA-256 is the digest; null: not at hand'),
    audits: z.array(StageRecord),
  }),
  z.object({
    kind: z.literal('rehearsal reference'),
    evidence: z.string().describe('the head of the rehearsal’s own chain'),
    rehearsal: RehearsalSummary.nullable().describe('null: it could not be read when this was signed'),
  }),
  z.object({ kind: z.literal('approval'), approval: Approval, act: RecordedAct.nullable() }),
  z.object({ kind: z.literal('voided'), voided: VoidedApprovals }),
  z.object({
    kind: z.literal('rollback'),
    of: z
      .string()
      .nullable()
      .describe('the earlier release that was rolled back or taken over; null: its own tiers'),
    tiers: z.array(ReleasedTier),
    comparison: Comparison.nullable(),
    losses: z.array(Loss),
  }),
  z.object({ kind: z.literal('outcome'), outcome: Outcome }),
]);
export type Link = z.infer<typeof Link>;

/** One link of a chain, as it is signed. */
export const LinkStatement = StatementHead.extend({
  predicate: z.object({ chain: ChainPosition, at: z.string(), link: Link }),
});
export type LinkStatement = z.infer<typeof LinkStatement>;

/** A DSSE envelope. */
export const Envelope = z.object({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
});
export type Envelope = z.infer<typeof Envelope>;
