import { defineSignal, setHandler } from '@temporalio/workflow';
import { gateStatus, gatesBefore, validForMs } from '../core/rules/effective-gate';
import type { EffectiveGate, GateFacts } from '../core/rules/effective-gate';
import { isAnswered, judgeApproval, judgeControl } from '../core/rules/judge-act';
import type { Bench, Judgement } from '../core/rules/judge-act';
import { isApproval, isControl, isDecision, isReadings } from '../core/rules/payload-guard';
import type {
  ActName,
  Approval,
  ApprovalPayload,
  Assurance,
  ControlPayload,
  DecisionPayload,
  RecordedAct,
} from '../core/schema/act';
import type { GateReading } from '../core/schema/attempt';
import type { GateStatus } from '../core/schema/outcome';
import { ActRecord } from './act-record';
import { approvalOf, faultOf, isApprovalAct, mangled } from './act-payload';
import { Approvals } from './approvals';
import type { Binding, Court, GatehouseMemory, SignedAct, Stop } from './court';
import { RunningWork } from './running-work';
import type { Heeds } from './running-work';
import { verifySigned } from './signed-act';

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
  readonly given = new Approvals((gate) => this.validForMs(gate));
  /** Keys of acts whose signature is being verified. */
  private readonly verifying = new Set<string>();
  private readonly running = new RunningWork(() => ({ paused: this.paused, stopped: this.stop !== null }));

  constructor(
    private readonly court: () => Court,
    private readonly binding: Binding,
    private readonly onChange: () => void,
  ) {}

  get memory(): GatehouseMemory {
    const { paused, readings, passed, acts } = this;
    const { rehearsal, schema } = this.binding;
    const { all: approved, voided, counted } = this.given;
    const given = { approved, voided, counted: [...counted] };
    return { paused, readings, passed, acts, ...given, binding: { rehearsal, schema } };
  }

  /** Goes on where another one stopped: at a gate. */
  remember({ paused, readings, passed, acts, binding, ...given }: GatehouseMemory): void {
    this.phase = 'at gate';
    this.paused = paused;
    this.readings = [...readings];
    this.passed.push(...passed);
    this.acts.push(...acts);
    this.given.remember(given);
    this.bind(binding);
  }

  /** From now on acts are heard; those that came before the first line ran are heard at once. */
  listen(): void {
    this.heard.listen();
    const acts = [
      'approve',
      'openGate',
      'reject',
      'withdraw',
      'pause',
      'resume',
      'abort',
      'closeGate',
      'decide',
    ] as const;
    for (const act of acts) setHandler(defineSignal<[unknown]>(act), (payload) => this.hear(act, payload));
  }

  get acts(): RecordedAct[] {
    return this.heard.all;
  }

  /** Those that have not expired. */
  get approvals(): Approval[] {
    return this.given.current;
  }

  /** What people approve the release for, beside its bytes. */
  get bound(): Pick<Binding, 'rehearsal' | 'schema'> {
    const { rehearsal, schema } = this.binding;
    return { rehearsal, schema };
  }

  private validForMs(id: string): number {
    const { gates, validFor } = this.court();
    return validForMs(
      gates.find((gate) => gate.id === id),
      validFor,
    );
  }

  private facts(): GateFacts {
    const { requester, author, lastEditor } = this.court();
    const barred = [requester, author, lastEditor].filter((name) => name !== null);
    return { approvals: this.approvals, readings: this.readings, barred };
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

  /** Gates are to be passed again, with the approvals that there are. */
  passAgain(passedForGood: readonly string[]): void {
    this.passed.splice(0, this.passed.length, ...passedForGood);
  }

  pass(gates: readonly EffectiveGate[]): void {
    const ids = gates.map((gate) => gate.id);
    this.given.count(ids);
    this.passed.push(...ids);
  }

  /**
   * What approvals were given for has changed: they are void, and gates that were passed on their strength are to be passed
   * again. @returns how many counted until now
   */
  voidApprovals(why: readonly string[], passedForGood: readonly string[]): number {
    const lost = this.given.void(why, passedForGood);
    this.passAgain(passedForGood);
    this.onChange();
    return lost;
  }

  bind(facts: Partial<Pick<Binding, 'rehearsal' | 'schema'>>): void {
    Object.assign(this.binding, facts);
  }

  /** Runs work that an abort cancels, or a pause too; the server's statement is cancelled and waited for. */
  abortable<T>(work: () => Promise<T>, heeds: Heeds = 'abort'): Promise<T> {
    return this.running.run(work, heeds);
  }

  /** The work of a signal that is signed goes on after it was heard. */
  private hear(act: ActName, payload: unknown): Promise<void> | undefined {
    const fault = faultOf(act, payload);
    if (fault !== undefined) {
      this.record(act, mangled(payload), { accepted: false, reason: fault });
      return undefined;
    }
    if (!isControl(payload) || isAnswered(this.acts, payload.key) || this.verifying.has(payload.key))
      return undefined;
    if (isApprovalAct(act) && isApproval(payload)) return this.hearApproval(act, payload);
    this.hearControl(act, payload);
    return undefined;
  }

  private hearApproval(act: ActName, payload: ApprovalPayload): Promise<void> | undefined {
    const judgement = judgeApproval(this.bench(), act, payload);
    const { signed, as } = payload;
    if (judgement.accepted && signed !== undefined) return this.hearSigned(act, payload, { signed, as });
    if (judgement.accepted) this.carryOut(act, payload, 'claimed');
    this.record(act, payload, judgement);
    return undefined;
  }

  /** What was good when it arrived may not be so when its signature has been found good. */
  private async hearSigned(act: ActName, payload: ApprovalPayload, { signed, as }: SignedAct): Promise<void> {
    this.verifying.add(payload.key);
    const { fault } = await verifySigned(this.binding.target, { signed, as });
    const judgement: Judgement =
      fault === null ? judgeApproval(this.bench(), act, payload) : { accepted: false, reason: fault };
    if (judgement.accepted) this.carryOut(act, payload, 'ssh');
    this.record(act, payload, judgement);
    this.verifying.delete(payload.key);
  }

  private carryOut(act: ActName, payload: ApprovalPayload, assurance: Assurance): void {
    if (act === 'withdraw') this.given.withdraw(payload.gate, payload.as);
    else this.given.add(approvalOf(payload, { binding: this.binding, act, assurance }));
    if (act === 'reject') this.end({ outcome: 'rejected', who: payload.as, reason: payload.reason });
  }

  private hearControl(act: ActName, payload: ControlPayload): void {
    const judgement = judgeControl(this.bench(), act, payload);
    if (judgement.accepted) {
      if (act === 'pause' || act === 'resume') this.paused = act === 'pause';
      if (act === 'pause') this.running.pause();
      if (act === 'closeGate') this.given.void([`closed by ${payload.as}: ${payload.reason}`], this.passed);
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

  private record(act: ActName, payload: ControlPayload & { gate?: string }, judgement: Judgement): void {
    this.heard.add(act, payload, judgement);
    this.onChange();
  }

  private bench(): Bench {
    const { phase, passed, paused, acts, binding, approvals } = this;
    return { ...this.court(), approvals, acts, paused, passed, phase, binding, now: Date.now() };
  }
}
