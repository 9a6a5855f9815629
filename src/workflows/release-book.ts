import { setHandler, workflowInfo } from '@temporalio/workflow';
import { effectiveGates } from '../core/rules/effective-gate';
import type { EffectiveGate } from '../core/rules/effective-gate';
import { ReleaseError } from '../core/rules/release-error';
import { overrideGates } from '../core/rules/override';
import type { ConditionKind, HeldTier } from '../core/schema/condition';
import type { ReleaseOrder } from '../core/schema/order';
import type { OutcomeError, ReleaseEnd, ReleaseOutcome, ReleasedTier, Status } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { at } from './asking';
import type { Court } from './court';
import { gateReadings } from './gate-monitor';
import { Gatehouse } from './gatehouse';
import { Line } from './line';
import type { Carried, Learned, OutcomeRecord, Rehearsed } from './release-memory';
import { Story } from './story';

/** A release's memory: its story, its gatehouse, and the outcome as far as it is known. */
export class ReleaseBook {
  readonly id = workflowInfo().workflowId;
  readonly gatehouse: Gatehouse;
  readonly line = new Line(this.id);
  readonly story: Story;
  readonly record: OutcomeRecord;
  tiers: ReleasedTier[] = [];
  /** The document of the schema that a rollback must return to. */
  returnsTo: string | null = null;
  /** When its wait at the gates before the claim ends by itself, ms since 1970. */
  waitsUntil: number | null = null;
  isClaimed = false;
  rehearsed: Rehearsed | null = null;
  /** The conditions that keep it from beginning a tier now. */
  unmet: { readonly tier: string; readonly kinds: readonly ConditionKind[] } | null = null;
  /** When it was held by conditions, and what was overridden. */
  readonly held: HeldTier[] = [];
  /** How often people were told. */
  notices = 0;
  /** When the deployment was last asked for its current build, in vain; ms since 1970. */
  buildAskedAt = 0;
  private learned: Learned | null = null;

  constructor(
    readonly order: ReleaseOrder,
    carried?: Carried,
  ) {
    const { package: pkg, scope, target } = order;
    const head = { kind: 'release', id: this.id, package: pkg, scope, target } as const;
    this.record = {
      ...head,
      targetIdentity: null,
      requester: order.requester,
      ...(order.recovers === undefined ? {} : { recovers: order.recovers.release }),
      ...(order.rollsBack === undefined ? {} : { rollsBack: order.rollsBack }),
      startedAt: new Date().toISOString(),
      baseline: { entry: {}, exit: {} },
      drift: [],
      fingerprint: { before: null, after: null },
      rollback: null,
      mutations: { beforeGate: 0 },
      rolledBack: false,
      rehearsal: null,
      evidence: null,
    };
    this.story = new Story({
      head,
      gates: () => this.gatehouse.statuses(),
      tiers: () => this.tiers.map(({ id, outcome }) => ({ id, outcome })),
      approving: () => this.approving,
    });
    this.gatehouse = new Gatehouse(
      () => this.court(),
      { release: this.id, scope, target, rehearsal: null, schema: null },
      () => this.changed(),
    );
    if (carried !== undefined) this.takeUp(carried);
    this.listen();
  }

  /** From now on it hears people, its gate monitor, and other releases. */
  private listen(): void {
    this.gatehouse.listen();
    this.line.listen();
    setHandler(gateReadings, (readings, leader) => {
      this.line.follow(leader);
      this.gatehouse.read(readings);
    });
  }

  /** All that another run of this release needs to go on at its gate. */
  carry(): Carried {
    const { record, tiers, returnsTo, waitsUntil, gatehouse, story, held, rehearsed } = this;
    const { plan, target } = this.known;
    const { memory } = gatehouse;
    return {
      plan,
      target,
      record,
      tiers,
      stages: story.stages,
      gatehouse: memory,
      returnsTo,
      waitsUntil,
      ...(held.length === 0 ? {} : { held }),
      ...(rehearsed === null ? {} : { rehearsed }),
    };
  }

  private takeUp(carried: Carried): void {
    this.learn(carried.plan, carried.target);
    Object.assign(this.record, carried.record);
    this.tiers = carried.tiers;
    this.returnsTo = carried.returnsTo;
    this.waitsUntil = carried.waitsUntil;
    this.held.push(...(carried.held ?? []));
    this.rehearsed = carried.rehearsed ?? null;
    if (this.rehearsed !== null) this.story.expect(this.rehearsed.tiers);
    this.story.remember(carried.stages);
    this.gatehouse.remember(carried.gatehouse);
  }

  /** The plan and the policy in force; read again after the gate, they are taken as they are then. */
  learn(plan: ReleasePlan, target: TargetDescription): void {
    const isFirst = this.learned === null;
    this.learned = { plan, target, place: at(target.queue) };
    if (!isFirst) return;
    this.tiers = plan.tiers.map(({ id }) => ({
      id,
      outcome: 'not reached',
      ms: 0,
      attempts: 0,
      metrics: {},
    }));
    this.story.tellPlan(plan);
  }

  get known(): Learned {
    if (this.learned === null) throw new ReleaseError('INTERNAL', 'the release has not read its plan yet');
    return this.learned;
  }

  /** Those that hold for it, of package and policy. */
  get gates(): readonly EffectiveGate[] {
    const { learned } = this;
    return learned === null ? [] : effectiveGates(learned.plan, learned.target.policy.gates);
  }

  /** What may stand in place of the conditions that do not hold now. */
  get overrides(): readonly EffectiveGate[] {
    const { learned, unmet } = this;
    if (unmet === null) return [];
    return overrideGates(unmet.kinds, { tier: unmet.tier, quorums: learned?.target.policy.override });
  }

  /** In whose name the target is claimed: its own, or that of the terminated release that it takes over. */
  get claimant() {
    const { package: pkg, scope, requester, recovers } = this.order;
    const fingerprint = this.returnsTo === null ? {} : { fingerprint: this.returnsTo };
    const claimant = { package: pkg, scope, requester, ...fingerprint };
    if (recovers === undefined) return { release: this.id, ...claimant };
    return { release: recovers.release, recovers: { by: this.id, claim: recovers.claim }, ...claimant };
  }

  /** The release whose tiers this one is there to roll back, where it applies none itself. */
  get undoes(): string | undefined {
    const { recovers, rollsBack } = this.order;
    return rollsBack ?? (recovers?.choice === 'rollback' ? recovers.release : undefined);
  }

  /** What becomes of a tier. */
  note(id: string, change: Partial<ReleasedTier>): void {
    this.tiers = this.tiers.map((tier) => (tier.id === id ? { ...tier, ...change } : tier));
    this.story.refresh();
  }

  /** The tiers that this release has applied and that are not rolled back. */
  get applied(): readonly string[] {
    return this.tiers.filter(({ outcome }) => outcome === 'applied').map(({ id }) => id);
  }

  /** The outcome as it will be stated in evidence and returned. */
  outcome(outcome: ReleaseEnd, error?: OutcomeError): ReleaseOutcome {
    const { acts, readings, given } = this.gatehouse;
    const { told: approvals, voided } = given;
    const { stages } = this.story;
    const endedAt = new Date().toISOString();
    return {
      ...this.record,
      outcome,
      endedAt,
      approvals,
      ...(voided.length === 0 ? {} : { voided: [...voided] }),
      ...(this.held.length === 0 ? {} : { held: this.held }),
      acts,
      readings,
      stages,
      tiers: this.tiers,
      ...(error === undefined ? {} : { error }),
    };
  }

  private get approving(): Status['approving'] {
    const { assurance, requester, mayControl } = this.court();
    const ends = [...(this.waitsUntil === null ? [] : [this.waitsUntil]), ...this.gatehouse.given.expiries];
    return {
      ...this.gatehouse.bound,
      assurance,
      requester,
      entry: this.record.baseline.entry,
      until: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
      mayControl: mayControl === null ? null : [...mayControl],
    };
  }

  private changed(): void {
    this.story.paused = this.gatehouse.paused;
    this.story.refresh();
  }

  private court(): Court {
    const { learned } = this;
    const policy = learned?.target.policy;
    return {
      digest: this.order.package.digest,
      requester: this.order.requester,
      author: learned?.plan.author ?? null,
      lastEditor: learned?.plan.lastEditor ?? null,
      gates: [...this.gates, ...this.overrides],
      mayControl: policy?.abort ?? null,
      assurance: policy?.assurance ?? 'claimed',
      verifiesSignatures: learned?.target.verifiesSignatures ?? false,
      validFor: policy?.approvalsValidFor ?? '1d',
    };
  }
}
