import { z } from 'zod';
import { Name, Sha256 } from './name';

/** Each act has a key of its own: signals are delivered at least once, and the answer is found by it. */
const key = z.string().min(8).max(64);
const reason = z.string().min(1).max(1000);

export const ApprovalPayload = z.object({
  key,
  gate: Name,
  digest: Sha256,
  as: Name,
  reason,
  signed: z.string().max(8192).optional().describe('JSON of the signed statement and its SSH signature'),
});
export type ApprovalPayload = z.infer<typeof ApprovalPayload>;

export const ControlPayload = z.object({ key, as: Name, reason });
export type ControlPayload = z.infer<typeof ControlPayload>;

export const DecisionPayload = ControlPayload.extend({ choice: z.enum(['retry', 'rollback']) });
export type DecisionPayload = z.infer<typeof DecisionPayload>;

export const APPROVAL_ACTS = ['approve', 'openGate', 'reject', 'withdraw'] as const;
export const CONTROL_ACTS = ['pause', 'resume', 'abort', 'closeGate'] as const;
export const ActName = z.enum([...APPROVAL_ACTS, ...CONTROL_ACTS, 'decide']);
export type ActName = z.infer<typeof ActName>;

/** One human act as the workflow has recorded it, accepted or refused (query `acts`). */
export const RecordedAct = z.object({
  key: z.string(),
  act: ActName,
  as: z.string(),
  at: z.string().describe('ISO 8601, the workflow’s own clock'),
  gate: z.string().optional(),
  accepted: z.boolean(),
  reason: z.string().optional().describe('the reason that was given, or why it was refused'),
});
export type RecordedAct = z.infer<typeof RecordedAct>;

/** How an approver is known. DESIGN.md §8. */
export const Assurance = z.enum(['claimed', 'ssh', 'principal']);
export type Assurance = z.infer<typeof Assurance>;

/** All that an act at a gate stands for: what an approver signs, and nothing less. DESIGN.md §8. */
export const ApprovalStatement = z.strictObject({
  release: z.string(),
  digest: Sha256,
  scope: Name,
  target: Name,
  gate: Name,
  rehearsal: z.string().nullable().describe('digest of the rehearsal evidence'),
  schema: z.string().nullable().describe('schema digest of the target at entry'),
  decision: z.enum(['approved', 'rejected', 'withdrawn']),
  who: Name,
  at: z.string().describe('ISO 8601; of a signed one the signer’s clock, else the workflow’s'),
  reason,
  key,
});
export type ApprovalStatement = z.infer<typeof ApprovalStatement>;

/** An accepted approval or rejection, bound to all that it stands for. DESIGN.md §8. */
export const Approval = ApprovalStatement.extend({
  decision: z.enum(['approved', 'rejected']),
  assurance: Assurance,
  signed: z.string().optional().describe('the signed statement and its signature, as they arrived'),
});
export type Approval = z.infer<typeof Approval>;

/** Approvals that no longer count, and why: what they were given for has changed. */
export const VoidedApprovals = z.object({
  at: z.string(),
  why: z.array(z.string()),
  approvals: z.array(z.object({ gate: Name, who: Name })),
});
export type VoidedApprovals = z.infer<typeof VoidedApprovals>;
