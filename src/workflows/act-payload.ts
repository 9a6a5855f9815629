import { approvalFault, controlFault, decisionFault } from '../core/rules/payload-guard';
import { readSigned } from '../core/rules/approval-statement';
import type { ActName, Approval, ApprovalPayload, Assurance, ControlPayload } from '../core/schema/act';

/** Why a signal's payload is not of the form that its act needs; undefined where it is. */
export function faultOf(act: ActName, payload: unknown): string | undefined {
  if (isApprovalAct(act)) return approvalFault(payload);
  return act === 'decide' ? decisionFault(payload) : controlFault(payload);
}

/** Acts that speak of a gate and of bytes. */
export function isApprovalAct(act: ActName): boolean {
  return act === 'approve' || act === 'openGate' || act === 'reject' || act === 'withdraw';
}

/** What can be kept of a payload that is not of its form: a refused act is on record too. */
export function mangled(payload: unknown): ControlPayload {
  const text = (field: string): string => {
    const value: unknown =
      typeof payload === 'object' && payload !== null ? Reflect.get(payload, field) : undefined;
    return typeof value === 'string' ? value.slice(0, 64) : '';
  };
  return { key: text('key'), as: text('as'), reason: '' };
}

/** An accepted act as an approval or a rejection; a signed one bears the time of its signature. */
export function approvalOf(
  payload: ApprovalPayload,
  known: {
    readonly binding: Pick<Approval, 'release' | 'scope' | 'target' | 'rehearsal' | 'schema'>;
    readonly act: ActName;
    readonly assurance: Assurance;
  },
): Approval {
  const { digest, gate, as: who, reason, key, signed } = payload;
  const at = (signed === undefined ? undefined : readSigned(signed)?.at) ?? new Date().toISOString();
  const { binding, act, assurance } = known;
  const decision = act === 'reject' ? 'rejected' : 'approved';
  const statement = { ...binding, digest, gate, decision, who, reason, key, at } as const;
  return { ...statement, assurance, ...(signed === undefined ? {} : { signed }) };
}
