import type { Bench } from '../core/rules/judge-act';
import type { Approval, RecordedAct, VoidedApprovals } from '../core/schema/act';
import type { GateReading } from '../core/schema/attempt';

/** Why a person ended it. */
export interface Stop {
  readonly outcome: 'aborted' | 'rejected';
  readonly who: string;
  readonly reason: string;
}

/** What an approval is bound to beside the gate and the digest; filled as the release learns it. */
export interface Binding {
  readonly release: string;
  readonly scope: string;
  readonly target: string;
  rehearsal: string | null;
  schema: string | null;
}

/** A signature that an activity is to verify, and whose it claims to be. */
export interface SignedAct {
  readonly signed: string;
  readonly as: string;
}

/** `fault`: why the signature does not count; null: it does. */
export interface Verified {
  readonly fault: string | null;
}

/** What a gatehouse takes along when its release goes on under newer code. */
export interface GatehouseMemory {
  readonly paused: boolean;
  readonly readings: readonly GateReading[];
  readonly passed: readonly string[];
  readonly acts: readonly RecordedAct[];
  readonly approved: readonly Approval[];
  readonly voided?: readonly VoidedApprovals[];
  /** Keys of the approvals by which gates were passed. */
  readonly counted?: readonly string[];
  readonly binding: Pick<Binding, 'rehearsal' | 'schema'>;
}

/** The facts by which acts are judged; the release keeps them up to date. */
export type Court = Omit<Bench, 'approvals' | 'acts' | 'paused' | 'passed' | 'phase' | 'binding' | 'now'>;
