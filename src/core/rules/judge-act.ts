import type {
  ActName,
  Approval,
  ApprovalPayload,
  ApprovalStatement,
  Assurance,
  ControlPayload,
  DecisionPayload,
  RecordedAct,
} from '../schema/act';
import { readSigned, statementFault } from './approval-statement';
import { approversOf, validForMs } from './effective-gate';
import type { EffectiveGate } from './effective-gate';

/** What an act is judged by: the release as it stands when the act arrives. */
export interface Bench {
  readonly digest: string;
  readonly requester: string;
  readonly author: string | null;
  readonly lastEditor: string | null;
  readonly gates: readonly EffectiveGate[];
  readonly passed: readonly string[];
  /** `early`: before it has reached its first gate. */
  readonly phase: 'early' | 'at gate' | 'running' | 'holding' | 'ended';
  readonly approvals: readonly Approval[];
  readonly acts: readonly RecordedAct[];
  readonly mayControl: readonly string[] | null;
  readonly assurance: Assurance;
  /** How long an approval counts, by the policy. */
  readonly validFor: string;
  /** The target names who may sign. */
  readonly verifiesSignatures: boolean;
  /** What an act at a gate is bound to, beside what its payload says. */
  readonly binding: Pick<Approval, 'release' | 'scope' | 'target' | 'rehearsal' | 'schema'>;
  readonly paused: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** The answer to an act; `reason` says why it was refused. */
export type Judgement = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

const ACCEPTED: Judgement = { accepted: true };

/** Approve, openGate, reject, withdraw: may this person say this of these exact bytes, here and now? */
export function judgeApproval(bench: Bench, act: ActName, payload: ApprovalPayload): Judgement {
  const gate = bench.gates.find((each) => each.id === payload.gate);
  const reason =
    phaseReason(bench) ??
    (gate === undefined
      ? `there is no gate ${payload.gate}; gates: ${bench.gates.map((each) => each.id).join(', ')}`
      : undefined) ??
    (bench.passed.includes(payload.gate) ? `gate ${payload.gate} has been passed already` : undefined) ??
    (payload.digest === bench.digest
      ? undefined
      : `wrong digest: the release carries ${bench.digest.slice(0, 12)}…, not ${payload.digest.slice(0, 12)}…`) ??
    (gate !== undefined && approversOf(gate).has(payload.as)
      ? undefined
      : `${payload.as} is no approver of gate ${payload.gate}`) ??
    (act === 'withdraw'
      ? withdrawReason(bench, payload)
      : act === 'reject'
        ? undefined
        : approveReason(bench, payload)) ??
    assuranceReason(bench, act, payload);
  return reason === undefined ? ACCEPTED : refused(reason);
}

/** What an act says of a release; approving by either road is one decision. */
export function decisionOf(act: ActName): ApprovalStatement['decision'] {
  if (act === 'withdraw') return 'withdrawn';
  return act === 'reject' ? 'rejected' : 'approved';
}

/** Pause, resume, abort, closeGate, decide. */
export function judgeControl(
  bench: Bench,
  act: ActName,
  payload: ControlPayload | DecisionPayload,
): Judgement {
  if (bench.phase === 'ended') return refused('the release has ended');
  if (bench.mayControl !== null && !bench.mayControl.includes(payload.as)) {
    return refused(`${payload.as} may not ${act} a release of this target`);
  }
  if (act === 'resume' && !bench.paused) return refused('the release is not paused');
  if (act === 'pause' && bench.paused) return refused('the release is paused already');
  if (act === 'decide' && bench.phase !== 'holding')
    return refused('there is nothing to decide: the release does not hold');
  if (act === 'closeGate' && bench.phase !== 'at gate') return refused('the release does not wait at a gate');
  return ACCEPTED;
}

/** Signals are delivered at least once: an act whose key is on record has been answered. */
export function isAnswered(acts: readonly RecordedAct[], key: string): boolean {
  return acts.some((act) => act.key === key);
}

function phaseReason(bench: Bench): string | undefined {
  if (bench.phase === 'ended') return 'the release has ended';
  if (bench.phase === 'early') return 'too early: the release has not reached a gate yet';
  return undefined;
}

function approveReason(bench: Bench, payload: ApprovalPayload): string | undefined {
  if (payload.as === bench.requester) return `${payload.as} requested this release and cannot approve it`;
  if (payload.as === bench.author) return `${payload.as} wrote this package and cannot approve it`;
  if (payload.as === bench.lastEditor)
    return `${payload.as} was the last to edit this package and cannot approve it`;
  if (isApprovedBy(bench, payload)) return `${payload.as} has approved gate ${payload.gate} already`;
  return undefined;
}

/** Is it known as the policy asks? Whether a signature is good is found out by an activity; this is what it stands under. */
function assuranceReason(bench: Bench, act: ActName, payload: ApprovalPayload): string | undefined {
  const { assurance, verifiesSignatures, binding, now } = bench;
  if (assurance === 'principal')
    return 'this target asks for acts that the server itself vouches for (principal); this one is not';
  if (payload.signed === undefined)
    return assurance === 'ssh' ? 'this target asks for signed acts; this one is only claimed' : undefined;
  if (!verifiesSignatures) return 'it is signed, but this target names nobody whose signature counts';
  const signed = readSigned(payload.signed);
  if (signed === undefined) return 'signed is not a statement and its signature';
  const { gate: id, digest, as: who, reason, key } = payload;
  const expected = { ...binding, gate: id, digest, who, reason, key, decision: decisionOf(act) };
  const gate = bench.gates.find((each) => each.id === id);
  return statementFault(signed, expected, { now, validForMs: validForMs(gate, bench.validFor) });
}

function withdrawReason(bench: Bench, payload: ApprovalPayload): string | undefined {
  return isApprovedBy(bench, payload)
    ? undefined
    : `${payload.as} has no approval of gate ${payload.gate} to withdraw`;
}

function isApprovedBy(bench: Bench, payload: ApprovalPayload): boolean {
  return bench.approvals.some((approval) => approval.gate === payload.gate && approval.who === payload.as);
}

function refused(reason: string): Judgement {
  return { accepted: false, reason };
}
