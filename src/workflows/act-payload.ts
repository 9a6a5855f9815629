import { approvalFault, controlFault, decisionFault } from '../core/rules/payload-guard';
import type { ActName, ControlPayload } from '../core/schema/act';

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
