import { defineSignal, setHandler } from '@temporalio/workflow';
import { gateStatus, gatesBefore } from '../core/rules/effective-gate';
import type { EffectiveGate, GateFacts } from '../core/rules/effective-gate';
import { isAnswered, judgeApproval, judgeControl } from '../core/rules/judge-act';
import type { Bench, Judgement } from '../core/rules/judge-act';
import { isApproval, isControl, isDecision, isReadings } from '../core/rules/payload-guard';
import type {
  ActName,
  Approval,
  ApprovalPayload,
  ControlPayload,
  DecisionPayload,
  RecordedAct,
} from '../core/schema/act';
import type { GateReading } from '../core/schema/attempt';
import type { GateStatus } from '../core/schema/outcome';
import { ActRecord } from './act-record';
import { faultOf, isApprovalAct, mangled } from './act-payload';
import { gateReadings } from './gate-monitor';
import { RunningWork } from './running-work';
import type { Heeds } from './running-work';

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

/** What a gatehouse takes along when its release goes on under newer code. */
export interface GatehouseMemory {
  readonly paused: boolean;
  readonly readings: readonly GateReading[];
  readonly passed: readonly string[];
  readonly acts: readonly RecordedAct[];
  readonly approved: readonly Approval[];
  readonly binding: Pick<Binding, 'rehearsal' | 'schema'>;
}

/** The facts by which acts are judged; the release keeps them up to date. */
export type Court = Omit<Bench, 'approvals' | 'acts' | 'paused' | 'passed' | 'phase'> & {
  readonly validForMs: number;
};

/**
 * Where human acts arrive: each is judged, recorded and answered, accepted or refused. Holds the approvals, the readings of
 * hard gates, and what people have decided.
 */
export class Gatehouse {
  phase: Bench['phase'] = 'early';
  paused = false;
  stop: Stop | null = null;
  decision: DecisionPayload | null = null;
  /** How often it was aborted: a hold is ended by one that came after it began. */
  aborts = 0;
  readings: GateReading[] = [];
  readonly passed: string[] = [];
  private readonly heard = new ActRecord();
  private approved: Approval[] = [];
  private readonly running = new RunningWork(() => ({ paused: this.paused, stopped: this.stop !== null }));

  constructor(
    private readonly court: () => Court,
    private readonly binding: Binding,
    private readonly onChange: () => void,
  ) {}

  get memory(): GatehouseMemory {
    const { paused, readings, passed, acts, approved } = this;
    const { rehearsal, schema } = this.binding;
    return { paused, readings, passed, acts, approved, binding: { rehearsal, schema } };
  }

  /** Goes on where another one stopped: at a gate. */
  remember({ paused, readings, passed, acts, approved, binding }: GatehouseMemory): void {
    this.phase = 'at gate';
    this.paused = paused;
    this.readings = [...readings];
    this.passed.push(...passed);
    this.acts.push(...acts);
    this.approved = [...approved];
    this.bind(binding);
  }

  /** From now on acts are heard; those that came before the first line ran are heard at once. */
  listen(): void {
    this.heard.listen();
    for (const act of ['approve', 'openGate', 'reject', 'withdraw'] as const) {
      setHandler(defineSignal<[unknown]>(act), (payload) => this.hear(act, payload));
    }
    for (const act of ['pause', 'resume', 'abort', 'closeGate', 'decide'] as const) {
      setHandler(defineSignal<[unknown]>(act), (payload) => this.hear(act, payload));
    }
    setHandler(gateReadings, (readings) => this.read(readings));
  }

  get acts(): RecordedAct[] {
    return this.heard.all;
  }

  /** Those that have not expired. */
  get approvals(): Approval[] {
    const { validForMs } = this.court();
    return this.approved.filter((approval) => Date.parse(approval.at) + validForMs > Date.now());
  }

  /** The schema of the target that people approve the release for. */
  get boundSchema(): string | null {
    return this.binding.schema;
  }

  private facts(): GateFacts {
    const { requester, author } = this.court();
    return {
      approvals: this.approvals,
      readings: this.readings,
      barred: author === null ? [requester] : [requester, author],
    };
  }

  statuses(): GateStatus[] {
    const facts = this.facts();
    return this.court().gates.map((gate) => gateStatus(gate, facts));
  }

  /** The gates directly before a tier that are still to be passed. */
  before(tier: string): readonly EffectiveGate[] {
    return gatesBefore(this.court().gates, tier).filter((gate) => !this.passed.includes(gate.id));
  }

  isOpen(gates: readonly EffectiveGate[]): boolean {
    const facts = this.facts();
    return !this.paused && gates.every((gate) => gateStatus(gate, facts).open);
  }

  /** Takes readings of its own hard gates, newer ones over older ones; a signal may carry anything. */
  read(payload: unknown): void {
    const mine = this.court().gates.map((gate) => gate.id);
    const readings = isReadings(payload) ? payload.filter((reading) => mine.includes(reading.gate)) : [];
    const names = new Set(readings.map((reading) => reading.gate));
    this.readings = [...this.readings.filter((known) => !names.has(known.gate)), ...readings];
    this.onChange();
  }

  pass(gates: readonly EffectiveGate[]): void {
    this.passed.push(...gates.map((gate) => gate.id));
  }

  /** All approvals are void: what they were given for has changed. */
  voidApprovals(schema: string): void {
    this.approved = [];
    this.binding.schema = schema;
    this.onChange();
  }

  bind(facts: { rehearsal: string | null; schema: string | null }): void {
    Object.assign(this.binding, facts);
  }

  /** Runs work that an abort cancels, or a pause too; the server's statement is cancelled and waited for. */
  abortable<T>(work: () => Promise<T>, heeds: Heeds = 'abort'): Promise<T> {
    return this.running.run(work, heeds);
  }

  private hear(act: ActName, payload: unknown): void {
    const fault = faultOf(act, payload);
    if (fault !== undefined) {
      this.record(act, mangled(payload), { accepted: false, reason: fault });
      return;
    }
    if (isControl(payload) && isAnswered(this.acts, payload.key)) return;
    if (isApprovalAct(act) && isApproval(payload)) this.hearApproval(act, payload);
    else if (isControl(payload)) this.hearControl(act, payload);
  }

  private hearApproval(act: ActName, payload: ApprovalPayload): void {
    const judgement = judgeApproval(this.bench(), act, payload);
    if (judgement.accepted) {
      if (act === 'withdraw')
        this.approved = this.approved.filter((each) => each.gate !== payload.gate || each.who !== payload.as);
      else this.approved.push(this.approval(payload, act === 'reject' ? 'rejected' : 'approved'));
      if (act === 'reject') this.end({ outcome: 'rejected', who: payload.as, reason: payload.reason });
    }
    this.record(act, payload, judgement);
  }

  private hearControl(act: ActName, payload: ControlPayload): void {
    const judgement = judgeControl(this.bench(), act, payload);
    if (judgement.accepted) {
      if (act === 'pause' || act === 'resume') this.paused = act === 'pause';
      if (act === 'pause') this.running.pause();
      if (act === 'closeGate')
        this.approved = this.approved.filter((each) => this.passed.includes(each.gate));
      if (act === 'abort') this.end({ outcome: 'aborted', who: payload.as, reason: payload.reason });
      if (act === 'decide' && isDecision(payload)) this.decision = payload;
    }
    this.record(act, payload, judgement);
  }

  private end(stop: Stop): void {
    this.stop ??= stop;
    if (stop.outcome === 'aborted') this.aborts += 1;
    this.running.stop();
  }

  private approval(payload: ApprovalPayload, decision: Approval['decision']): Approval {
    const { digest, gate, as: who, reason, key } = payload;
    return {
      ...this.binding,
      digest,
      gate,
      decision,
      who,
      reason,
      key,
      at: new Date().toISOString(),
      assurance: 'claimed',
    };
  }

  private record(act: ActName, payload: ControlPayload & { gate?: string }, judgement: Judgement): void {
    this.heard.add(act, payload, judgement);
    this.onChange();
  }

  private bench(): Bench {
    const { phase, passed, paused, acts } = this;
    return { ...this.court(), approvals: this.approvals, acts, paused, passed, phase };
  }
}
